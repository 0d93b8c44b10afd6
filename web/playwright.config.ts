import { defineConfig } from "@playwright/test";

// SITE_URL is a running service; tests/e2e/test_site.py starts one and runs these against it.
export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: "line",
  use: {
    baseURL: process.env.SITE_URL ?? "http://localhost:8000",
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu"], // as root, in a container
    },
    trace: "off",
    screenshot: "only-on-failure",
  },
});
