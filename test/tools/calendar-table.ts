/** `dist/chinese-days.json`: dates to `English,中文,days`. */
export interface ChineseDays { holidays: Record<string, string>; workdays: Record<string, string> }

export interface CalendarTableRow { date: string; working: 't' | 'f'; name: string }

/**
 * The days of these years on which "Monday to Friday are worked" does not hold, by date: holidays on weekdays (f) and weekend days that
 * are worked instead (t). Holidays on weekends are left out: they change nothing.
 */
export function calendarRows(source: ChineseDays, firstYear: number, lastYear: number): CalendarTableRow[] {
  const within = ([date]: [string, string]): boolean => Number(date.slice(0, 4)) >= firstYear && Number(date.slice(0, 4)) <= lastYear;
  const entries = (days: Record<string, string>): [string, string][] => Object.entries(days).filter(within);
  return [
    ...entries(source.holidays).filter((day) => !onWeekend(day)).map(([date, names]) => row(date, 'f', names)),
    ...entries(source.workdays).filter(onWeekend).map(([date, names]) => row(date, 't', names)),
  ].toSorted((one, other) => (one.date < other.date ? -1 : 1));
}

function onWeekend([date]: [string, string]): boolean {
  return [0, 6].includes(new Date(date).getUTCDay());
}

function row(date: string, working: 't' | 'f', names: string): CalendarTableRow {
  return { date, working, name: names.split(',')[1] };
}
