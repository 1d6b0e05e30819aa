import { renderNginxDropIn, renderSupervisorDropIn } from "../../components/render/systemd";
import { assertGolden } from "../support/golden";

describe("systemd's drop-ins", () => {
  it("systemd-supervisor.conf", () => {
    assertGolden("systemd-supervisor.conf", renderSupervisorDropIn());
  });
  it("systemd-nginx.conf", () => {
    assertGolden("systemd-nginx.conf", renderNginxDropIn());
  });
});
