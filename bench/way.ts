/** A way to put the sample site online on a container of its own, and to change it there; each is done when it is in force. */
export interface Way {
  /** From no machine to a site that answers. */
  start(): Promise<void>;
  /** Runs once more. @throws when anything was changed */
  repeat(): Promise<void>;
  /** Changes one line of nginx's site: how long a browser may keep a static file, in seconds. */
  setMaxAge(seconds: number): Promise<void>;
  /** Puts the code online that lies in the sample's folder now. */
  release(): Promise<void>;
  /** Goes back to the release that served before the present one, which is still on the machine. */
  rollBack(): Promise<void>;
  /** Where visitors reach the site, on this computer. */
  port(): number;
  /** Removes the machine and all that was made for it. */
  close(): Promise<void>;
}
