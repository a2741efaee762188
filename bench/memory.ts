import { existsSync, readFileSync } from 'node:fs';

/** Memory that a process has resident, in megabytes; null where the system does not tell (no /proc). */
export function residentMb(pid: number): number | null {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return null;
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8')) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) / 1_024;
}
