"""Ansible's way into a booted container: its namespaces for commands, its root for files."""

from __future__ import annotations

import os
import shlex
import shutil

from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = """
name: nspawn
short_description: run in the namespaces of a container
description: Enters the namespaces of the container whose first process is known.
author: the edgeassist authors
options:
  leader:
    description: the process id, outside, of the container's first process
    type: str
    required: true
    vars:
      - name: nspawn_leader
"""


class Connection(LocalConnection):
    """Like the local one, inside."""

    transport = "nspawn"

    def exec_command(self, cmd, in_data=None, sudoable=True):
        inside = f"cd /root; export HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8; {cmd}"
        entered = f"nsenter -t {self.get_option('leader')} -a /bin/bash -c {shlex.quote(inside)}"
        return super().exec_command(entered, in_data=in_data, sudoable=sudoable)

    def put_file(self, in_path, out_path):
        shutil.copyfile(in_path, self._inside(out_path))

    def fetch_file(self, in_path, out_path):
        shutil.copyfile(self._inside(in_path), out_path)

    def _inside(self, path):
        return f"/proc/{self.get_option('leader')}/root" + os.path.normpath(os.path.join("/root", path))
