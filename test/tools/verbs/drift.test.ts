import { strict as assert } from "node:assert";

import { type Placed, summedFiles, textFile } from "../../../components/placed/placed";
import { driftOf } from "../../../tools/verbs/drift";

const file = textFile("/etc/nginx/sites-available/shop", "server {}\n");
const { sha256 = "", mode, owner } = file;
const user: Placed = { kind: "user", name: "shop", home: "/srv/shop", shell: "/usr/sbin/nologin" };

describe("drift", () => {
  it("is none where all is as it was placed", () => {
    const { home, shell } = user;
    assert.deepEqual(
      driftOf(
        [file, user],
        [
          { sha256, mode, owner },
          { home, shell },
        ],
      ),
      [],
    );
  });

  it("names what is missing", () => {
    const placed = [file, user, { kind: "package", name: "nginx", state: "installed" } as const];
    assert.deepEqual(driftOf(placed, [null, null, null]), [
      { kind: "file", name: file.path, state: "missing", what: [] },
      { kind: "user", name: "shop", state: "missing", what: [] },
      { kind: "package", name: "nginx", state: "missing", what: [] },
    ]);
  });

  it("names each difference, and never a content", () => {
    const found = { sha256: "0".repeat(64), mode: "0666", owner, diff: ["-theirs", "+server {}"] };
    const drift = {
      kind: "file",
      name: file.path,
      state: "changed",
      what: ["mode 0666, not 0644", "content"],
    };
    assert.deepEqual(driftOf([file], [found]), [{ ...drift, diff: found.diff }]);
  });

  it("names the code that was changed", () => {
    const code: Placed = { kind: "code", path: "/srv/shop/releases/1/app", since: "/x", changed: [] };
    const [drift] = driftOf([code], [{ changed: ["shop/views.py", "shop/urls.py"] }]);
    assert.deepEqual(drift?.what, ["shop/views.py, shop/urls.py"]);
  });

  it("compares a file whose text is not known by the sum that its step told", () => {
    const [summed] = summedFiles(`${sha256}  /etc/logrotate.d/shop\nanything else\n`);
    assert.ok(summed);
    assert.equal(summed.path, "/etc/logrotate.d/shop");
    assert.deepEqual(driftOf([summed], [{ sha256, mode, owner }]), []);
    assert.equal(driftOf([summed], [{ sha256: "1", mode, owner }])[0]?.state, "changed");
  });
});
