"""LiteRT's JavaScript runtime as the web app holds it: npm's packages `@litertjs/core` and `@litertjs/wasm-utils`.

The files lie in `web/runtime` as they come from npm, two of them under other names, with their licence. Of the four
variants of the runtime it is the one that every browser with WebAssembly SIMD can run. `docs/update_litert_js.py` puts
another version in their place, and writes its checksums here.
"""

VERSION = "2.5.3"
SHA256 = {
    "core.js": "e7daccc3a31eef890848a737ccb863ded5f046a6b40c3fdc0556495adeb5d9b3",
    "litert_wasm_compat_internal.js": "4d8f894b7883654fd6e8439730aa41e79ceaab7d19184fc4f1f0b0f1a2a2c8a5",
    "litert_wasm_compat_internal.wasm": "5255c8ad06eabdbd2522cdebf6b22fc10faf74625c23a49b9e072570cd1fa41c",
    "wasm-utils.js": "e0e20bc28ab001ac732cf40d15b6eebd24fb0deaeb95eeba5100f51eebf015f2",
}
