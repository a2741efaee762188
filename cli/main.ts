#!/usr/bin/env node
import { runProgram } from './program';

// Whoever reads the output may stop early, as `head` does; what is left of it is of no use to anybody.
process.stdout.on('error', () => undefined);
void runProgram(process.argv.slice(2));
