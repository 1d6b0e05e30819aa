import { runningEngines } from "../components/machine/container/engine";
import { find } from "../components/machine/container/existing";
import type { Say } from "../tools/toolchain/ways";
import { AnsibleWay } from "./ansibleWay";
import { HandWritten } from "./handWritten";
import { timed } from "./measure";
import { servingMemory } from "./memory";
import type { Comparison, Report } from "./report";
import { expectMaxAge, expectVersion, maxAge, Sample } from "./sample";
import { StackWay } from "./stackWay";
import type { Way } from "./way";

/** A job that both ways do in turn, round after round. */
interface Job extends Comparison {
  ours: number[];
  others: number[];
  prepare?: (round: number) => void;
  run: (way: Way, round: number) => Promise<void>;
  /** Asks the site from outside. @throws unless the change is in force */
  check: (way: Way, round: number) => Promise<void>;
}

const job = (name: string, target: number, rest: Pick<Job, "prepare" | "run" | "check">): Job => ({
  ...{ job: name, target, ours: [], others: [] },
  ...rest,
});

/** The ways in turn, one job after the other, on a sample site of their own. */
export class Contest {
  private readonly sample = new Sample();
  private readonly byHand = new HandWritten();
  private stack: StackWay | undefined;
  private ansible: AnsibleWay | undefined;
  private readonly hand: number[] = [];
  private readonly nginxOnly: number[] = [];
  private readonly rollbackOnly: number[] = [];
  private interrupted = false;
  private readonly start = job("fresh container to the first 200", 0.6, {
    run: (way) => way.start(),
    check: (way) => expectVersion(way, 1),
  });
  private readonly jobs = [
    job("nothing to change", 0.35, {
      run: (way) => way.repeat(),
      check: (way) => expectVersion(way, 1),
    }),
    job("one line of nginx's site", 0.4, {
      run: (way, round) => way.setMaxAge(maxAge + round),
      check: (way, round) => expectMaxAge(way, maxAge + round),
    }),
    job("one line of code", 0.6, {
      prepare: (round) => {
        this.sample.write(1 + round);
      },
      run: (way) => way.release(),
      check: (way, round) => expectVersion(way, 1 + round),
    }),
    job("back to the release before", 0.4, {
      run: (way) => way.rollBack(),
      check: (way) => expectVersion(way, 1),
    }),
  ];

  constructor(private readonly say: Say) {
    this.sample.write(1);
    process.once("SIGINT", this.interrupt);
  }

  /** Each way from nothing to a site online; the last of each stays for the changes. */
  async startAfresh(): Promise<void> {
    await this.removeSites();
    this.hand.push(await timed(() => this.byHand.start()));
    await this.byHand.close();
    this.stack = await StackWay.create(this.sample.folder);
    await this.time(this.start, this.stack, this.start.ours, 0);
    this.ansible = new AnsibleWay(this.sample.folder);
    await this.time(this.start, this.ansible, this.start.others, 0);
    this.tell(this.start);
  }

  /** Each way through all changes of one site. */
  async change(round: number): Promise<void> {
    const { stack, ansible } = this.running();
    for (const job of this.jobs) {
      job.prepare?.(round);
      await this.time(job, stack, job.ours, round);
      await this.time(job, ansible, job.others, round);
      this.tell(job);
    }
    this.nginxOnly.push(await timed(() => ansible.setMaxAge(2 * maxAge + round, "--tags", "nginx")));
    await expectMaxAge(ansible, 2 * maxAge + round);
    this.rollbackOnly.push(await timed(() => ansible.rollBack("--tags", "rollback")));
    await expectVersion(ansible, 1 + round);
    await ansible.rollBack("--tags", "rollback");
  }

  async measured(): Promise<Omit<Report, "setting">> {
    const { start, hand, nginxOnly, rollbackOnly } = this;
    const { name } = this.running().stack.stack;
    const found = await find(await runningEngines(), name);
    if (!found) throw new Error(`the container of ${name} is gone`);
    return {
      ansible: [start, ...this.jobs],
      nginxOnly,
      rollbackOnly,
      byHand: { job: start.job, ours: start.ours, others: hand, target: 1 },
      memory: await servingMemory(found),
    };
  }

  /** Removes all that is there, also what a failed job left. */
  async close(): Promise<void> {
    process.off("SIGINT", this.interrupt);
    await this.byHand.close();
    await this.removeSites();
    this.sample.remove();
  }

  private async removeSites(): Promise<void> {
    const ways = [this.stack, this.ansible];
    this.stack = this.ansible = undefined;
    for (const way of ways) await way?.close();
  }

  private async time(job: Job, way: Way, times: number[], round: number): Promise<void> {
    times.push(await timed(() => job.run(way, round)));
    if (this.interrupted) throw new Error("interrupted");
    await job.check(way, round);
  }

  private tell({ job: name, ours, others }: Job): void {
    this.say(
      `${name}: pulumi up ${ours.at(-1)?.toFixed(1)} s, ansible-playbook ${others.at(-1)?.toFixed(1)} s`,
    );
  }

  /** Ctrl-C ends the program at work, and then us, with nothing left running. */
  private readonly interrupt = (): void => {
    this.interrupted = true;
  };

  private running(): { stack: StackWay; ansible: AnsibleWay } {
    const { stack, ansible } = this;
    if (!stack || !ansible) throw new Error("no site was started");
    return { stack, ansible };
  }
}
