package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
)

// openAPIFolder has the tools that read the service's OpenAPI document.
const openAPIFolder = "../../testdata/openapi"

// openAPIDocument is the document in its source file, which the service sends.
const openAPIDocument = "../internal/server/openapi.json"

// printed runs a program in a folder of its own, with more in its environment, and
// returns what it prints.
func printed(t *testing.T, environment []string, program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), environment...)
	text, err := cmd.CombinedOutput()
	return string(text), err
}

func absolute(t *testing.T, path string) string {
	path, err := filepath.Abs(path)
	require.NoError(t, err)
	return path
}

// TestOpenAPILint checks the document by the recommended rules of a linter. The one
// rule that is left out requires a licence, which is not stated.
func TestOpenAPILint(t *testing.T) {
	node, modules := testkit.Program(t, "node"), testkit.Modules(t, openAPIFolder, "@redocly/cli")
	text, err := printed(t, []string{"REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true"}, node,
		filepath.Join(modules, "@redocly", "cli", "bin", "cli.js"), "lint", absolute(t, openAPIDocument), "--skip-rule", "info-license", "--format", "json")
	require.NoError(t, err, text)
	_, text, _ = strings.Cut(text, "{")
	var found struct {
		Totals struct{ Errors, Warnings int }
	}
	require.NoError(t, json.NewDecoder(strings.NewReader("{"+text)).Decode(&found), text)
	assert.Zero(t, found.Totals, text)
}

// typedClient uses the types that are generated from the document.
const typedClient = `import type { components, operations } from './api';
type Schemas = components['schemas'];
const reason: Schemas['Reason'] = 'gbcs-beyond-record';
// @ts-expect-error: no such reason
const none: Schemas['Reason'] = 'expired';
const query: operations['explainDevice']['parameters']['query'] = { spec: 'SMETS2 v3.1', on: '2022-06-01' };
// @ts-expect-error: on is required
const short: operations['explainDevice']['parameters']['query'] = { spec: 'SMETS2 v3.1' };
const asked: operations['checkDevices']['requestBody']['content']['application/json'] = [{ spec: 'SMETS2 v3.1', install_date: null }];
declare const answered: operations['checkDevices']['responses'][200]['content']['application/json'];
for (const answer of Array.isArray(answered) ? answered : [answered]) {
  const outcome: 'eligible' | 'not_eligible' | 'undetermined' = answer.outcome;
  const days: number | undefined = answer.days_left;
}
declare const explained: operations['explainDevice']['responses'][200]['content']['application/json'];
const quote: string | undefined = explained.findings?.[0]?.citations?.[0]?.quote;
declare const health: operations['getHealth']['responses'][200]['content']['application/json'];
const digest: string = health.sha256;
declare const csv: operations['checkInventory']['responses'][200]['content']['text/csv'];
const lines: string[] = csv.split('\n');
const problem: Schemas['Problem'] = { status: 400, error: 'what is wrong' };
export { reason, none, query, short, asked, quote, digest, lines, problem };
`

// TestOpenAPITypes generates TypeScript from the document, and compiles a client of it.
func TestOpenAPITypes(t *testing.T) {
	node, modules := testkit.Program(t, "node"), testkit.Modules(t, openAPIFolder, "openapi-typescript")
	folder := t.TempDir()
	types, client := filepath.Join(folder, "api.d.ts"), filepath.Join(folder, "client.ts")
	text, err := printed(t, nil, node, filepath.Join(modules, "openapi-typescript", "bin", "cli.js"), absolute(t, openAPIDocument), "-o", types)
	require.NoError(t, err, text)
	generated, err := os.ReadFile(types)
	require.NoError(t, err)
	for line := range strings.Lines(string(generated)) {
		if !strings.HasPrefix(line, "export type webhooks ") && !strings.HasPrefix(line, "export type $defs ") { // the generator always writes these
			assert.NotContains(t, line, "Record<string, never>")
		}
	}
	require.NoError(t, os.WriteFile(client, []byte(typedClient), 0o666))
	text, err = printed(t, nil, node, filepath.Join(modules, "typescript", "bin", "tsc"), "--noEmit", "--strict", "--target", "es2022", "--moduleResolution", "bundler", "--module", "esnext", client)
	require.NoError(t, err, text)
}

// TestOpenAPIExplanation compares the schema of an explanation with the type.
func TestOpenAPIExplanation(t *testing.T) {
	document, err := os.ReadFile(openAPIDocument)
	require.NoError(t, err)
	testkit.CheckSchema(t, document, "Explanation", reflect.TypeFor[explanationWire](), "file", "line", "input", "raw", "waiver")
}

// parsed prints the metrics as a parser of Prometheus' text format reads them.
const parsed = `import sys
from prometheus_client.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.argv[1]):
    assert family.documentation and family.samples, family
    bounds = sorted({float(s.labels["le"]) for s in family.samples if "le" in s.labels})
    print(family.name, family.type, *bounds)
`

// TestServiceByProperties has a client that draws requests from the document, valid and
// not, check every answer by it: no 500, no undocumented status, header or key. The
// phases that draw at random are left out, because not even a seed repeats them. Then a
// parser reads the metrics.
func TestServiceByProperties(t *testing.T) {
	python, modules := testkit.Program(t, "python3"), testkit.PythonModules(t, openAPIFolder, "schemathesis")
	address := "http://" + serving(t)
	get := func(path string) string {
		response, err := http.Get(address + path)
		require.NoError(t, err)
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return string(text)
	}
	var health struct{ SHA256 string }
	require.NoError(t, json.Unmarshal([]byte(get("/healthz")), &health))
	environment := []string{"PYTHONPATH=" + modules, "PYTHONDONTWRITEBYTECODE=1", "PYTHONHASHSEED=0", "SCHEMATHESIS_HOOKS=" + absolute(t, filepath.Join(openAPIFolder, "hooks.py")), "IVP_RULES=" + health.SHA256}
	text, err := printed(t, environment, python, filepath.Join(modules, "bin", "schemathesis"), "--config-file", absolute(t, filepath.Join(openAPIFolder, "schemathesis.toml")),
		"run", absolute(t, openAPIDocument), "--url", address, "--seed", "196", "--phases", "examples,coverage", "--continue-on-failure",
		"--suppress-health-check", "all", "--request-timeout", "60", "--request-retries", "3")
	require.NoError(t, err, text)
	assert.Regexp(t, `\d{3,} generated, \d{3,} passed`, text)

	text, err = printed(t, environment, python, "-c", parsed, get("/metrics"))
	require.NoError(t, err, text)
	assert.Equal(t, `ivp_info gauge
ivp_requests_in_progress gauge
ivp_spool_bytes gauge
ivp_devices counter
ivp_requests counter
ivp_request_seconds histogram 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1.0 2.5 5.0 10.0 inf
`, text)
}
