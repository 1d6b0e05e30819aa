const words = /^(minutely|hourly|daily|weekly|monthly|quarterly|semiannually|yearly|annually)$/;
const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const zone = /^(UTC|[A-Z][A-Za-z]+(\/[A-Z][A-Za-z0-9_+-]*)+)$/;

/**
 * Whether a text is a calendar expression of systemd's, as `OnCalendar=` takes it: a word such as `daily`, or weekdays, a
 * date and a time, of which two may be left out; and perhaps a time zone. Rarer forms that systemd takes as well, such as
 * `@SECONDS`, are not among them. The zone's name is checked by systemd, on the machine.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html#Calendar%20Events
 */
export function isCalendar(text: string): boolean {
  const parts = text.split(" ");
  const takes = (isPart: (part: string) => boolean): boolean => {
    const found = parts[0] !== undefined && isPart(parts[0]);
    if (found) parts.shift();
    return found;
  };
  const said = takes((part) => words.test(part)) || [areWeekdays, isDate, isTime].filter(takes).length > 0;
  takes((part) => zone.test(part));
  return said && parts.length === 0;
}

const areWeekdays = (part: string): boolean =>
  part.split(",").every((days) => {
    const [from = -1, to = from, ...more] = days.split("..").map(weekday);
    return more.length === 0 && from >= 0 && from <= to;
  });

/** `Mon` or `monday`, as a number; -1 for no day. */
const weekday = (name: string): number =>
  weekdays.findIndex((day) => [day, day.slice(0, 3)].includes(name.toLowerCase()));

function isDate(part: string): boolean {
  const [, year = "*", month = "", day = ""] = /^(?:([^-~]+)-)?([^-~]+)[-~]([^-~]+)$/.exec(part) ?? [];
  return among(year, 1970, 2199) && among(month, 1, 12) && among(day, 1, 31);
}

function isTime(part: string): boolean {
  const [hour = "", minute = "", second = "0", ...more] = part.split(":");
  return more.length === 0 && among(hour, 0, 23) && among(minute, 0, 59) && among(second, 0, 59);
}

/** `*`, or a list of numbers, ranges `1..5` and steps `0/15`, between a lowest and a highest number. */
const among = (values: string, low: number, high: number): boolean =>
  values === "*" ||
  values.split(",").every((value) => {
    const [, from = "", to = from, step = "1"] = /^(\d+)(?:\.\.(\d+))?(?:\/(\d+))?$/.exec(value) ?? [];
    return from !== "" && low <= +from && +from <= +to && +to <= high && +step > 0;
  });
