import { test } from '@jest/globals'
import { writeFileSync, readFileSync } from 'node:fs'
import { newDataDir, startProcess, workDone } from '../support/runtime-process.ts'
import { patientOperator } from '../support/patient-operator.ts'
import { playStory, storyFleet } from '../support/fleet-story.ts'
import { storyEnd } from '../support/story-end.ts'
test('x', async () => {
const dataDir = await newDataDir()
const t=performance.now(); const lap=(s:string)=>process.stderr.write([s, Math.round(performance.now()-t), 'ms work', workDone(dataDir), 'virtual h', (Number((()=>{try{return readFileSync(dataDir+'/clock','utf8')}catch{return 0}})())-Date.now())/3.6e6].join(' ')+'\n')
lap(dataDir)
const p = startProcess(dataDir, ['--port','0','--clock','skip-idle','--fleet',String(storyFleet.size),'--seed',String(storyFleet.seed),'--restarts','daily'])
void p.isUp.then(up=>{lap('up '+up); if(!up) console.log(p.output())})
const op = patientOperator(dataDir)
await playStory(op, lap)
const end = await storyEnd(op, dataDir)
writeFileSync('/tmp/h10/end.json', JSON.stringify(end,null,1))
lap('end '+readFileSync(`/proc/${p.pid}/stat`,'utf8').split(' ').slice(13,15)); console.log(await p.end('SIGTERM')); lap('stopped'); console.log(p.output())
}, 200_000)
