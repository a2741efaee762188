import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Typed search attributes for operations. Enumerations, slugs and times only: they are never encrypted. */
export const TENANT = defineSearchAttributeKey('CountersignTenant', SearchAttributeType.KEYWORD);
export const PURPOSE = defineSearchAttributeKey('CountersignPurpose', SearchAttributeType.KEYWORD);
export const STATE = defineSearchAttributeKey('CountersignState', SearchAttributeType.KEYWORD);
export const GATE_ROLE = defineSearchAttributeKey('CountersignGateRole', SearchAttributeType.KEYWORD);
export const DUE = defineSearchAttributeKey('CountersignDue', SearchAttributeType.DATETIME);
