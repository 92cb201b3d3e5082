#!/usr/bin/env bash
# Rebuilds the editor from the locked packages: prepsite/static/vendor/codemirror/codemirror.js and LICENSES.txt.
# Needs Node 18 or newer. The site itself needs neither Node nor this folder.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --ignore-scripts --no-audit --no-fund
npm run build
