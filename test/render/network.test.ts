import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";

import {
  appVariables,
  changedVariables,
  renderApt,
  renderAptAuth,
  renderNetworkEnvironment,
  stepVariables,
  withCredentials,
  withoutGiven,
} from "../../components/render/network";
import { assertGolden } from "../support/golden";

const proxy = "http://proxy.example.org:3128";
const plain = { ownAuthorities: false, noProxy: [] };
const whole = {
  ...{ ownAuthorities: true, proxy, pythonIndex: "https://pypi.example.org/simple" },
  noProxy: ["git.example.org", ".corp.example.org", "10.0.0.0/8", "127.0.0.1"],
};

describe("the variables of a network", () => {
  it("are golden: for the steps", () => {
    assertGolden("network-whole.env", renderNetworkEnvironment(whole));
    assertGolden("network-wheels.env", renderNetworkEnvironment({ ...plain, wheels: "/opt/wheels" }));
  });

  it("are none for the app without authorities and a proxy, and never lead it to an index", () => {
    assert.deepEqual(appVariables({ ...plain, wheels: "/opt/wheels" }), {});
    const names = Object.keys(appVariables(whole));
    assert.deepEqual(
      names.filter((name) => /PIP|UV/.test(name)),
      [],
    );
    assert.equal(names.length, 4 + 6);
  });

  it("never ask the proxy for the machine itself", () => {
    const { no_proxy, NO_PROXY } = appVariables({ ...plain, proxy });
    assert.deepEqual([no_proxy, NO_PROXY], ["localhost,127.0.0.1,::1", "localhost,127.0.0.1,::1"]);
  });

  it("give way to a person's own, in whatever spelling", () => {
    const own = { HTTPS_PROXY: "", SSL_CERT_FILE: "/mine" };
    assert.deepEqual(Object.keys(withoutGiven(appVariables(whole), own)).sort(), [
      ...["AWS_CA_BUNDLE", "HTTP_PROXY", "NODE_EXTRA_CA_CERTS", "NO_PROXY", "REQUESTS_CA_BUNDLE"],
      ...["http_proxy", "no_proxy"],
    ]);
  });

  it("are secret where they hold credentials, and only there", () => {
    const closed = { ...whole, proxy: withCredentials(proxy, "me:-hush-") };
    assert.deepEqual(changedVariables(stepVariables(closed), stepVariables(whole)), {
      ...{ http_proxy: closed.proxy, HTTP_PROXY: closed.proxy },
      ...{ https_proxy: closed.proxy, HTTPS_PROXY: closed.proxy },
    });
  });
});

describe("credentials in a URL", () => {
  it("arrive as they are, whatever they hold", () => {
    const password = "p@ss\"w#r/d\\%:x?&=+'!()*$`";
    const url = new URL(withCredentials("https://pypi.example.org/simple", `me:${password}`));
    assert.equal(decodeURIComponent(url.password), password);
    assert.deepEqual([url.username, url.host, url.pathname], ["me", "pypi.example.org", "/simple"]);
    assert.doesNotMatch(url.href, /['"\\$`()]/);
  });

  it("are a token's by the name that PyPI takes", () => {
    assert.equal(
      withCredentials("https://a.org/simple", "pypi-AgEI"),
      "https://__token__:pypi-AgEI@a.org/simple",
    );
  });

  it("do not leave the machine with a message", () => {
    const said =
      "cannot reach http://me:p%40ss@proxy.org:3128, nor https://tok-en@a.org/simple; ask me@a.org";
    const run = `DJANGO_SERVER_STEP=test; . components/host/lib/common.sh; without_credentials`;
    const text = execFileSync("bash", ["-c", run], { input: said, encoding: "utf8" });
    assert.equal(text, "cannot reach http://proxy.org:3128, nor https://a.org/simple; ask me@a.org");
  });
});

describe("what apt goes by", () => {
  it("is golden", () => {
    assertGolden("apt-network.conf", renderApt(whole, "/etc/django-server/network.list"));
  });

  it("is nothing without a proxy and a mirror", () => {
    assert.equal(renderApt({ noProxy: [] }), "");
  });

  it("is the proxy's alone without a mirror, and the mirror's alone without a proxy", () => {
    assert.doesNotMatch(renderApt({ proxy, noProxy: [] }), /Dir::/);
    assert.doesNotMatch(renderApt({ noProxy: [] }, "/list"), /Acquire::/);
  });

  it("logs in to a proxy that speaks HTTP", () => {
    const line = renderAptAuth(proxy, 'me:a:b#"').split("\n")[1];
    assert.equal(line, 'machine http://proxy.example.org:3128 login me password a:b#"');
  });
});
