import { DjangoServer } from "./components/djangoServer";
import { readSettings } from "./components/settings";

/** settings → machine → server → site → outputs. */
export = async () => {
  const settings = await readSettings();
  const server = new DjangoServer("machine", settings);
  const [site] = server.sites;
  return {
    url: site?.url,
    address: server.address,
    ssh: server.ssh,
    release: site?.release,
    status: site?.status,
    operations: server.operations,
  };
};
