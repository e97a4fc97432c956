#!/usr/bin/env node
import { runRampart } from './program.ts'
import { processShell } from './shell.ts'

process.exitCode = await runRampart(process.argv.slice(2), processShell())
