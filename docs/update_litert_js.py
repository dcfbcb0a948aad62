"""Put a version of LiteRT's JavaScript runtime into the web app: `python docs/update_litert_js.py 2.5.3`.

It is downloaded from npm's registry, and compared with the checksums there. Its version and the checksums of the files
are written into `fmnist/export/litert_js.py`. The licence, Apache 2.0, does not come with the packages: it stays.
"""

import base64
import hashlib
import io
import re
import sys
import tarfile
from pathlib import Path

import requests

REGISTRY = "https://registry.npmjs.org"
FILES = {  # what each package holds, and its name here
    "@litertjs/core": {
        "dist/index.js": "core.js",
        "wasm/litert_wasm_compat_internal.js": "litert_wasm_compat_internal.js",
        "wasm/litert_wasm_compat_internal.wasm": "litert_wasm_compat_internal.wasm",
    },
    "@litertjs/wasm-utils": {"dist/index.js": "wasm-utils.js"},
}
EXPORT = Path(__file__).parents[1] / "fmnist" / "export"


def fetch(package: str, version: str) -> bytes:
    """Return a package's archive, compared with its checksum."""
    described = requests.get(f"{REGISTRY}/{package}/{version}", timeout=60)
    described.raise_for_status()
    published = described.json()["dist"]
    answer = requests.get(published["tarball"], timeout=600)
    answer.raise_for_status()
    digest = base64.b64encode(hashlib.sha512(answer.content).digest()).decode()
    if f"sha512-{digest}" != published["integrity"]:
        sys.exit(f"{package} {version} is not what the registry says: try again.")
    return answer.content


def unpack(archive: bytes, names: dict[str, str]) -> dict[str, bytes]:
    """Return the content of some files of an archive by their names here."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        members = {here: opened.extractfile(f"package/{there}") for there, here in names.items()}
        return {name: member.read() for name, member in members.items() if member}


def pin(text: str, version: str, files: dict[str, bytes]) -> str:
    """Return the module that names the version, with this one and the checksums of its files."""
    lines = [f'    "{name}": "{hashlib.sha256(files[name]).hexdigest()}",\n' for name in sorted(files)]
    text = re.sub(r'VERSION = ".*"', f'VERSION = "{version}"', text)
    return re.sub(r"SHA256 = \{.*?\}", "SHA256 = {\n" + "".join(lines) + "}", text, flags=re.DOTALL)


def main(version: str) -> None:
    """Replace the runtime by that of a version."""
    files: dict[str, bytes] = {}
    for package, names in FILES.items():
        files |= unpack(fetch(package, version), names)
    for name, content in files.items():
        (EXPORT / "web" / "runtime" / name).write_bytes(content)
    module = EXPORT / "litert_js.py"
    module.write_text(pin(module.read_text("utf-8"), version, files), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:] or sys.exit(__doc__))
