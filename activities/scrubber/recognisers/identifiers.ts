/** Classes that are told by their label, as hospitals, insurers, regulators and farms of the US, the UK, Nigeria and Kenya write it. */
import { labelledRecogniser } from './labelled';

export const recogniseMedicalRecordLabel = labelledRecogniser({
  kind: 'mrn',
  labels: String.raw`mrn|m\.r\.n\.|medical\s+records?|hospital|hosp\.?|patient\s+(?:id|no|number|identifier)|patient(?=\s*#)|charts?|folders?|case\s?notes?|unit\s+(?:no|number)|uhid|emr|ehr|encounter|accession|specimen|lab(?=\s+(?:no|number|id|#))|record(?=\s*(?:no|number|id|#))|(?:ip|op|ipd|opd|anc)(?=\s*(?:no|number|#))`,
  strong: true,
});

export const recogniseHealthPlanLabel = labelledRecogniser({
  kind: 'health_plan',
  labels: String.raw`health\s*plan|plan|members?(?:ship)?|policy|subscriber|beneficiary|enrol+ee|insurance|insured|group|hmo|nhis|nhia|nhif|shif|sha|nhs|medicare|medicaid|tricare|mbi|hicn?|payer|aetna|cigna|bupa|axa|avon|hygeia|blue\s+(?:cross|shield)|kaiser|jubilee`,
  strong: false,
});

export const recogniseAccountLabel = labelledRecogniser({
  kind: 'account',
  labels: String.raw`accounts?|acct\.?|a/c|acc\.?|nuban|bvn|routing|aba|swift|sort\s+code|iban|(?:credit\s+|debit\s+)?card|checking|savings|wallet|paybill|till(?:\s+(?:no|number))?|gtb(?:ank)?|zenith(?:\s+bank)?|access(?:\s+bank)?|first\s*bank|fidelity(?:\s+bank)?|sterling(?:\s+bank)?|union\s+bank|wema(?:\s+bank)?|polaris(?:\s+bank)?|ecobank|fcmb|stanbic|opay|moniepoint|palmpay|kuda|uba|kcb|equity(?:\s+bank)?|barclays|hsbc|lloyds|natwest`,
  strong: false,
});

export const recogniseLicenceLabel = labelledRecogniser({
  kind: 'licence',
  labels: String.raw`licen[cs]es?|licensure|lic\.?|registration|reg\.?|registered(?=\s*(?:no|number|#))|certificates?|certification|cert\.?|permit|passport|driver'?s?\s+licen[cs]e|driving\s+licen[cs]e|dl|dea|npi|(?:mdcn|nmcn|pcn|gmc|nmc|kmpdc|kmpdb|nck|hcpc|gphc|ecfmg|usmle)(?:\s+(?:pin|folio|registration|reference))?|upin|caqh|folio|voter'?s?\s+card|pvc`,
  strong: false,
  lengthMin: 5,
});

export const recogniseVehicleLabel = labelledRecogniser({
  kind: 'vehicle',
  labels: String.raw`vin|chassis|engine|(?:licen[cs]e\s+|number\s+|vehicle\s+|car\s+)?plates?|tag(?=\s*(?:no|number|#))|vehicle\s+(?:reg(?:istration)?|id)|(?:truck|car|van|lorry|bus|keke|okada|motorcycle|boda|matatu|trailer)(?=\s*(?:no|number|reg|plate|#))`,
  strong: false,
});

export const recogniseDeviceLabel = labelledRecogniser({
  kind: 'device',
  labels: String.raw`serial|s/n|sn|device|imei|meid|udi|implants?|prosthesis|stent|lot(?=\s*(?:no|number|#|:))|batch(?=\s*#)|pacemaker|lead|pump|ventilator|machine|equipment|asset|meter|sensor|mac(?:\s+address)?|sim`,
  strong: false,
});

const BODY_PART = String.raw`(?:finger|thumb|palm|hand|voice|face|facial|retinal?|iris|vein|gait)`;

export const recogniseBiometricLabel = labelledRecogniser({
  kind: 'biometric',
  labels: String.raw`biometrics?|${BODY_PART}[ -]?(?:prints?|scans?|templates?|patterns?|recognition|geometry|hash|code|id|samples?|images?(?=\s+(?:no|number|id|ref)))`,
  strong: true,
});

export const recognisePhotoLabel = labelledRecogniser({
  kind: 'photo',
  labels: String.raw`photo(?:graph)?s?|pictures?|portrait|selfie|headshot|mugshot|snapshot|images?(?=\s+(?:no|number|id|ref|file|#))`,
  strong: false,
});

export const recogniseCodeLabel = labelledRecogniser({
  kind: 'code',
  labels: String.raw`ref\.?|reference|cases?|claims?|invoice|receipt|order|tracking|transaction|txn|m-?pesa|teller|ticket|voucher|booking|appointment|employee|staff|student|badge|study|trial|subject|participant|sample|docket|barcode|way\s?bill|consignment|confirmation|identifier|unique\s+code`,
  strong: false,
});

export const recogniseNationalLabel = labelledRecogniser({
  kind: 'ssn',
  labels: String.raw`ssn|s\.s\.n\.|social(?:\s+security)?|itin|tax\s+id|tin|nin|national\s+(?:id(?:entity|entification)?|insurance)|ni(?=\s+(?:no|number))|nino|kra\s+pin|huduma|id(?:entity)?(?:\s+card)?(?=\s*(?:no|number|#))`,
  strong: true,
});
