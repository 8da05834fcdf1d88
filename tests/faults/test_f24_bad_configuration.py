"""F24: what a restart would not mend ends with 78."""

from __future__ import annotations

import pytest

from tests.support.node import Node


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("[intent]\nqeue = 3\n", "qeue"),
        ('[intent]\nqueue = "many"\n', "queue"),
        ('[profile]\nname = "pi-99"\n', "pi-99"),
    ],
)
def test_bad_configuration_ends_with_78_and_names_key_and_value(node: Node, line: str, named: str) -> None:
    node.file.write_text(node.file.read_text() + line)
    node.start()
    assert node.wait() == 78
    assert named in node.log()
    assert "Traceback" not in node.log()


def test_secret_is_not_shown(node: Node) -> None:
    node.file.write_text(node.file.read_text().replace("[mqtt]", '[mqtt]\npassword = "hunter2"'))
    node.start()
    assert node.wait() == 78
    assert "username" in node.log()
    assert "hunter2" not in node.log()


def test_bad_home_or_rule_is_no_bad_start(node: Node) -> None:
    node.state.mkdir()
    (node.state / "boots").write_text("3")
    home = (node.folder / "home.toml").read_text()
    (node.folder / "home.toml").write_text(home + '[[device]]\nname = "Odd"\nkind = "teapot"\n')
    node.start()
    assert node.wait() == 78
    assert (node.state / "boots").read_text() == "3"
    (node.folder / "home.toml").write_text(home)
    node.file.write_text(node.file.read_text() + '[policy]\nrules = [{ verdict = "deny", functions = ["unlok"] }]\n')
    node.start()
    assert node.wait() == 78
    assert "unlok" in node.log()
    assert (node.state / "boots").read_text() == "3"
