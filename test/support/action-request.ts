import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda'
import type { RotationAction } from '../../domain/rotation.ts'

/** An operator's request to take the action on the rotation, as API Gateway hands it on; always the same one. */
export function actionRequest(
  { tenantId, rotationId }: { tenantId: string; rotationId: string },
  action: RotationAction,
): APIGatewayProxyEventV2WithJWTAuthorizer {
  const path = `/v1/rotations/${rotationId}/actions`
  const routeKey = 'POST /v1/rotations/{rotationId}/actions'
  const claims = { tenant_id: tenantId, sub: 'ada' }
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    pathParameters: { rotationId },
    headers: { 'idempotency-key': action, 'if-match': '*' },
    body: JSON.stringify({ action, reason: 'The operator said so' }),
    isBase64Encoded: false,
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      authorizer: { jwt: { claims, scopes: null } },
      domainName: 'localhost',
      domainPrefix: 'api',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request',
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
  }
}
