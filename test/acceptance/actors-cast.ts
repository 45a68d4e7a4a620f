/** Who the story is about: nobody who lives, and nobody of the small world's files. Every text is unique, so that a test which finds one knows what was told. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** With the check digit of GB 11643, and a prefix that no division has. */
const numbered = (seventeen: string): string => `${seventeen}${'10X98765432'.charAt([...seventeen].reduce((sum, digit, index) => sum + Number(digit) * (WEIGHTS[index] ?? 0), 0) % 11)}`;

export interface Returnee { name: string; idNumber: string; sex: string; birthDate: string; hukouDivision: string; homeDivision: string; address: string; kinName: string; kinPhone: string; features: string }

/** Lived with a mental disorder, wandered from 江阴 to 天津, and comes home. */
export const YAN: Returnee = {
  name: '雁知还', idNumber: numbered('99030119680517001'), sex: 'MALE', birthDate: '1968-05-17', hukouDivision: '320281104', homeDivision: '320281104',
  address: '江阴市徐霞客镇雁栖圩17号', kinName: '雁守村', kinPhone: '0000-7610101', features: '右眉有断痕（雁）',
};
/** Ten years old. */
export const CHILD: Returnee = {
  name: '燕小栖', idNumber: numbered('99030220160403002'), sex: 'FEMALE', birthDate: '2016-04-03', hukouDivision: '320281104', homeDivision: '320281104',
  address: '江阴市徐霞客镇燕来弄4号', kinName: '燕大栖', kinPhone: '0000-7620202', features: '缺一颗门牙（燕）',
};
/** Fled from home; nobody there is to learn where she is. */
export const SHELTERED: Returnee = {
  name: '鹿安眠', idNumber: numbered('99030319900211004'), sex: 'FEMALE', birthDate: '1990-02-11', hukouDivision: '320281100', homeDivision: '320281100',
  address: '江阴市璜土镇鹿鸣新村6幢', kinName: '鹿不扰', kinPhone: '0000-7630303', features: '左肩旧伤（鹿）',
};
/** Of a county without a station. */
export const TEA: Returnee = {
  name: '舒茶归', idNumber: numbered('99340519770808001'), sex: 'MALE', birthDate: '1977-08-08', hukouDivision: '341523107', homeDivision: '341523107',
  address: '舒城县舒茶镇归茶坡8号', kinName: '舒采青', kinPhone: '0000-7640404', features: '手掌茶渍（舒）',
};
/** Whom the county refuses. */
export const REFUSED: Returnee = {
  name: '悬不落', idNumber: numbered('99340619720919003'), sex: 'MALE', birthDate: '1972-09-19', hukouDivision: '341523102', homeDivision: '341523102',
  address: '舒城县桃溪镇悬钟巷9号', kinName: '悬有着', kinPhone: '0000-7650505', features: '跛行（悬）',
};

/** Texts by which a person would be known. A sex and a division are shared with others. */
export const textsOf = ({ name, idNumber, address, kinName, kinPhone, features, birthDate }: Returnee): string[] => [name, idNumber, address, kinName, kinPhone, features, birthDate];
