from edgeassist.cli import main

main(prog_name="edgeassist")
