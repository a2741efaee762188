import { TestWorkflowEnvironment } from '@temporalio/testing';
import { timeSkippingServer } from '../../../stack/temporal/time-skipping';

test('the test server lets ninety days pass in a moment', async () => {
  const path = await timeSkippingServer();
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  try {
    const began = performance.now();
    const before = await environment.currentTimeMs();
    await environment.sleep('90 days');
    expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(90 * 86_400_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  } finally {
    await environment.teardown();
  }
}, 60_000);

test('an executable that is named is taken as it is', async () => {
  process.env.COUNTERSIGN_TEST_SERVER = '/opt/farm/test-server';
  try {
    expect(await timeSkippingServer()).toBe('/opt/farm/test-server');
  } finally {
    delete process.env.COUNTERSIGN_TEST_SERVER;
  }
});
