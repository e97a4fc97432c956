import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import {
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  KMSClient,
} from '@aws-sdk/client-kms'
import { DescribeExecutionCommand, SendTaskSuccessCommand, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { serveGateway } from '../../../local/gateway/serve.ts'
import type { PolicyStatement } from '../../../local/template/deployment.ts'
import { describeWithDatabase } from '../dynamodb/describe-with-database.ts'
import { aDatabase, aGateway, type Database } from './running-gateway.ts'
import { allow, contentKeyArn, fingerprintKeyArn, functionArn, machineArn, tableArn } from './small-deployment.ts'

const EncryptionContext = { tenantId: 'contoso' }
const dataKey = new GenerateDataKeyCommand({ KeyId: contentKeyArn, KeySpec: 'AES_256', EncryptionContext })

describeWithDatabase('a function that calls', () => {
  let database: Database
  const open: (() => void)[] = []
  const having = (...statements: PolicyStatement[]) => {
    const running = aGateway(database, statements)
    open.push(running.close)
    return { ...running, ...running.ofFunction }
  }

  beforeAll(async () => {
    database = await aDatabase()
  })
  afterAll(async () => {
    for (const close of open) close()
    await database.close()
  })

  test('KMS makes a data key and opens it again under the same context only', async () => {
    const { kms } = having(allow(['kms:GenerateDataKey', 'kms:Decrypt'], contentKeyArn))
    const { CiphertextBlob, Plaintext } = await kms.send(dataKey)

    const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))

    expect(opened.Plaintext).toEqual(Plaintext)
    await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    })
  })

  test('KMS is held to the key and the context that its role names', async () => {
    const Condition = { StringEquals: { 'kms:EncryptionContext:tenantId': 'fabrikam' } }
    const { kms } = having(allow(['kms:GenerateDataKey', 'kms:DescribeKey'], contentKeyArn, { Condition }))
    const mac = { KeyId: fingerprintKeyArn, Message: new Uint8Array([1]), MacAlgorithm: 'HMAC_SHA_256' as const }

    const reason = 'because no identity-based policy allows the kms:'
    await expect(kms.send(dataKey)).rejects.toThrow(`${reason}GenerateDataKey action`)
    await expect(kms.send(new GenerateMacCommand(mac))).rejects.toThrow(`${reason}GenerateMac action`)
    await expect(kms.send(new DescribeKeyCommand({ KeyId: contentKeyArn }))).rejects.toThrow(`${reason}DescribeKey`)
  })

  test('KMS learns what a key is for', async () => {
    const { ofRuntime } = having()

    const { KeyMetadata } = await ofRuntime.kms.send(new DescribeKeyCommand({ KeyId: fingerprintKeyArn }))

    expect(KeyMetadata).toMatchObject({ Arn: fingerprintKeyArn, KeyUsage: 'GENERATE_VERIFY_MAC', KeyState: 'Enabled' })
    expect(KeyMetadata?.CreationDate).toBeInstanceOf(Date)
  })

  test('Step Functions starts the machine that its role names, and no execution of it is open to it otherwise', async () => {
    const { stepFunctions } = having(allow('states:StartExecution', machineArn))
    const executionArn = `${machineArn.replace('stateMachine', 'execution')}:one`

    const started = await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: machineArn }))

    expect(started.executionArn).toBe('started')
    await expect(stepFunctions.send(new DescribeExecutionCommand({ executionArn }))).rejects.toThrow(
      `is not authorized to perform: states:DescribeExecution on resource: ${executionArn}`,
    )
  })

  test('Step Functions needs a grant on the machine whose task it ends', async () => {
    const success = new SendTaskSuccessCommand({ taskToken: 'known', output: '{}' })
    const ofAnother = having(allow('states:SendTaskSuccess', `${machineArn}OfOthers`))

    await having(allow('states:SendTaskSuccess', machineArn)).stepFunctions.send(success)

    await expect(ofAnother.stepFunctions.send(success)).rejects.toThrow(
      `is not authorized to perform: states:SendTaskSuccess on resource: ${machineArn}`,
    )
  })

  test('over HTTP is known by what it signed with', async () => {
    const { gateway } = having(allow('kms:GenerateDataKey', contentKeyArn))
    const { endpoint, close } = await serveGateway(gateway, 0)
    const { region } = gateway
    const kms = new KMSClient({ region, endpoint, credentials: gateway.credentialsFor(functionArn) })
    const stranger = new KMSClient({ region, endpoint, credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' } })

    expect((await kms.send(dataKey)).KeyId).toBe(contentKeyArn)
    await expect(kms.send(new DescribeKeyCommand({ KeyId: contentKeyArn }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
    await expect(stranger.send(dataKey)).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
    await close()
  })

  test('with nothing that names it is refused, as is a service that is not here', async () => {
    const { gateway } = having()
    const authorization = `AWS4-HMAC-SHA256 Credential=${gateway.runtimeCredentials.accessKeyId}/x`
    const call = async (headers: Record<string, string>, body = '{}') =>
      JSON.parse(Buffer.from((await gateway.handle({ headers, body })).body).toString()).__type

    expect(await call({ 'x-amz-target': 'TrentService.DescribeKey' })).toBe('MissingAuthenticationTokenException')
    expect(await call({ 'x-amz-target': 'AmazonSQS.SendMessage', authorization })).toBe('UnknownOperationException')
    expect(await call({ 'x-amz-target': 'TrentService.Encrypt', authorization }, '{')).toBe('SerializationException')
    expect(await call({ 'x-amz-target': 'TrentService.Encrypt', authorization })).toBe('ValidationException')
  })

  test('a database that is away gets an error that clients retry', async () => {
    const away = { ...database, endpoint: 'http://127.0.0.1:9' }
    const { gateway, ofFunction, close } = aGateway(away, [allow('dynamodb:*', tableArn)])
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } }

    const read = ofFunction.dynamodb.send(new GetItemCommand({ TableName: 'rampart-test', Key }))
    await expect(read).rejects.toMatchObject({ name: 'InternalServerError' })
    const write = ofFunction.dynamodb.send(new PutItemCommand({ TableName: 'rampart-test', Item: Key }))
    await expect(write).rejects.toThrow("The database at 'http://127.0.0.1:9' gave no answer")

    expect(gateway.writesTo('rampart-test')).toBeGreaterThan(1)
    close()
  })
})
