import type { AppInterface } from "./source";

/** What a machine gets from the Python package index, pinned. */
export interface PinnedPackage {
  name: string;
  version: string;
  /** sha256 of every file that may be installed, hexadecimal; empty: not checked. */
  hashes: readonly string[];
}

/** uv for x86-64 and 64-bit ARM, both with glibc. */
export const uv: PinnedPackage = {
  name: "uv",
  version: "0.13.9",
  hashes: [
    "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
  ],
};

/** A line of a requirements file that admits exactly this package. */
export const requirement = ({ name, version, hashes }: PinnedPackage): string =>
  `${name}==${version}${hashes.map((hash) => ` --hash=sha256:${hash}`).join("")}\n`;

/** What serves apps that do not bring it themselves; the older ones are the last for Debian 11's or Ubuntu 22.04's Python. */
const gunicorn = `gunicorn==27.0.1 ; python_version >= "3.10"
gunicorn==23.0.0 ; python_version < "3.10"
`;
const uvicorn = `uvicorn-worker==0.4.0
uvicorn==0.54.0 ; python_version >= "3.10"
uvicorn==0.39.0 ; python_version < "3.10"
websockets==17.4 ; python_version >= "3.11"
websockets==15.0.1 ; python_version < "3.11"
`;
export const serverRequirements: Readonly<Record<AppInterface, string>> = {
  wsgi: gunicorn,
  asgi: gunicorn + uvicorn,
};

/** What turns a poetry.lock into requirements, run in an environment of its own. */
export const poetry = { tool: "poetry==2.5.1", exporter: "poetry-plugin-export==1.10.1" };
