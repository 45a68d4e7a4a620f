/** Domain of the keyed hash by which ID numbers are compared, the same in every ledger, so that a match needs no number in the clear. */
export const ID_NUMBER_HASH = 'id-number';
