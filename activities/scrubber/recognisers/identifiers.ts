/** Classes that are told by their label, as hospitals, insurers, regulators and farms write it in the US, the UK and Nigeria. */
import { labelledRecogniser } from './labelled';

export const recogniseMedicalRecordLabel = labelledRecogniser({
  kind: 'mrn',
  labels: String.raw`mrn|m\.r\.n\.|medical\s+records?|hospital|hosp\.?|patient\s+(?:id|no|number|identifier)|patient(?=\s*#)|charts?|folder|unit\s+(?:no|number)|uhid|emr|ehr|encounter|accession|specimen|lab(?=\s+(?:no|number|id|#))|record(?=\s*(?:no|number|id|#))`,
  strong: true,
});

export const recogniseHealthPlanLabel = labelledRecogniser({
  kind: 'health_plan',
  labels: String.raw`health\s*plan|plan|members?(?:ship)?|policy|subscriber|beneficiary|enrol+ee|insurance|insured|group|hmo|nhis|nhia|nhs|medicare|medicaid|mbi|hicn?|payer`,
  strong: false,
});

export const recogniseAccountLabel = labelledRecogniser({
  kind: 'account',
  labels: String.raw`accounts?|acct\.?|a/c|acc\.?|nuban|bvn|routing|aba|swift|sort\s+code|iban|card|credit\s+card|debit\s+card|wallet|gtb(?:ank)?|gtbank|zenith(?:\s+bank)?|access\s+bank|first\s*bank|fidelity(?:\s+bank)?|sterling(?:\s+bank)?|union\s+bank|wema(?:\s+bank)?|polaris(?:\s+bank)?|ecobank|fcmb|stanbic|opay|moniepoint|palmpay|kuda|uba`,
  strong: false,
});

export const recogniseLicenceLabel = labelledRecogniser({
  kind: 'licence',
  labels: String.raw`licen[cs]es?|lic\.?|registration|reg\.?|certificates?|cert\.?|permit|passport|driver'?s?\s+licen[cs]e|dl|dea|npi|mdcn|gmc|nmc|upin|caqh|folio|voter'?s?\s+card|pvc`,
  strong: false,
});

export const recogniseVehicleLabel = labelledRecogniser({
  kind: 'vehicle',
  labels: String.raw`vin|chassis|engine|(?:licen[cs]e\s+|number\s+|vehicle\s+|car\s+)?plates?|tag(?=\s*(?:no|number|#))|vehicle\s+(?:reg(?:istration)?|id)|(?:truck|car|van|lorry|bus|keke|okada|motorcycle)(?=\s*(?:no|number|reg|plate|#))`,
  strong: false,
});

export const recogniseDeviceLabel = labelledRecogniser({
  kind: 'device',
  labels: String.raw`serial|s/n|sn|device|imei|meid|udi|implant|pacemaker|pump|ventilator|machine|equipment|asset|meter|sensor|mac(?:\s+address)?|sim`,
  strong: false,
});

export const recogniseCodeLabel = labelledRecogniser({
  kind: 'code',
  labels: String.raw`ref\.?|reference|cases?|claims?|invoice|receipt|order|tracking|transaction|txn|teller|ticket|voucher|booking|appointment|employee|staff|student|badge|biometric|fingerprint|study|trial|subject|participant|barcode|waybill|identifier|unique\s+code`,
  strong: false,
});

export const recogniseNationalLabel = labelledRecogniser({
  kind: 'ssn',
  labels: String.raw`ssn|s\.s\.n\.|social\s+security|itin|tax\s+id|tin|nin|national\s+(?:id(?:entity|entification)?|insurance)|ni(?=\s+(?:no|number))|nino`,
  strong: true,
});
