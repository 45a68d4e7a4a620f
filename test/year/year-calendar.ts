/** A working calendar for 2027 in the form that `guitu calendar import` reads. Made up: the State Council had not published one when the year begins. */
const HOLIDAYS = [
  '2027-01-01', '2027-02-05', '2027-02-08', '2027-02-09', '2027-02-10', '2027-02-11', '2027-02-12', '2027-04-05', '2027-05-03', '2027-05-04', '2027-05-05', '2027-06-09', '2027-09-15', '2027-10-01', '2027-10-04', '2027-10-05', '2027-10-06', '2027-10-07',
];
const WORKED_WEEKENDS = ['2027-02-14', '2027-02-20', '2027-05-08', '2027-09-26', '2027-10-09'];

export const CALENDAR_2027 = [...HOLIDAYS.map((day) => `${day},false,节假日`), ...WORKED_WEEKENDS.map((day) => `${day},true,`)].join('\n');
