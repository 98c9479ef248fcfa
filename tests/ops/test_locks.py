import json
import re

from ops.places import PROJECT


def test_locked_packages_have_hashes_and_name_no_host():
    for name in ("base.txt", "run.txt", "dev.txt"):
        text = (PROJECT / "requirements" / name).read_text()
        assert not re.search("://|--index|--find-links", text)
        for requirement in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[\w.-]+==\S+", requirement), requirement
            assert "--hash=sha256:" in requirement, requirement


def test_what_production_installs_is_locked_the_same_in_development():
    def pins(name):
        return set(re.findall(r"^\S+==\S+", (PROJECT / "requirements" / name).read_text(), re.M))

    assert pins("base.txt") < pins("run.txt") < pins("dev.txt")


def test_front_end_packages_are_exact_and_name_no_host():
    package = json.loads((PROJECT / "package.json").read_text())
    wanted = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    lock = json.loads((PROJECT / "package-lock.json").read_text())
    assert lock["packages"][""]["dependencies"] == package["dependencies"]
    for path, entry in lock["packages"].items():
        assert "resolved" not in entry
        assert not path or entry["integrity"].startswith("sha512-")
