// Numbers as the language of the app writes them, with the digits that keyboards have.
const MOST_NUMBER = 1e15;   // beyond it a browser no longer knows every whole number
const writeNumber = ({ app }, number, options) => (number + 0).toLocaleString(`${app.language}-u-nu-latn`, options);

// Point and comma both split off the decimals. "1,000" is a thousand where the language of the app writes it so.
const readNumber = (kit, text) => {
  const group = writeNumber(kit, 12345)[2];
  const number = text.replace(/[٠-٩]/g, (one) => one.charCodeAt(0) - 0x660).replace(/[\s'’]/g, "").replace(/^[−–]/, "-");
  const marks = number.replace(/[^.,]/g, "");
  const grouped = /^-?[1-9]\d{0,2}([.,]\d{3})+$/.test(number) && (marks[0] === group || marks[1]) && !marks.replaceAll(marks[0], "");
  const plain = grouped ? number.replace(/[.,]/g, "") : number.replace(/[.,](?=.*[.,])/g, "").replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
};
