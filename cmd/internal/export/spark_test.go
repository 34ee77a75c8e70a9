package export

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
)

// spark is a schema of Spark in local mode, which all tests share because it is slow to
// start. It runs one request at a time.
type spark struct{ schema string }

var sparkServer struct {
	sync.Mutex
	requests *json.Encoder
	replies  *json.Decoder
	stop     func()
	schemas  int
}

// sparkScript answers requests: it runs a script up to its first error, loads a CSV
// file, or returns the rows of a query as text.
const sparkScript = `import json, re, sys
from pyspark.sql import SparkSession
spark = (SparkSession.builder.master('local[2]').appName('ivp')
  .config('spark.driver.memory', '2g').config('spark.ui.enabled', 'false').config('spark.sql.shuffle.partitions', '2').config('spark.sql.adaptive.enabled', 'false')
  .config('spark.driver.bindAddress', '127.0.0.1').config('spark.driver.host', '127.0.0.1')
  .config('spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version', '2').config('spark.sql.session.timeZone', 'America/New_York')
  .config('spark.sql.warehouse.dir', sys.argv[1] + '/warehouse').config('spark.log.level', 'OFF').getOrCreate())
spark.sparkContext.setLogLevel('OFF')
spark.sql('SELECT 1').collect()
out = open(int(sys.argv[2]), 'w', encoding='utf-8')
for line in sys.stdin:
    request = json.loads(line)
    reply = {'said': '', 'rows': []}
    try:
        spark.sql('USE ' + request['schema'])
        for statement in re.split(r';[ \t]*\n', request.get('script', '') + '\n'):
            if re.sub(r'(?m)^--.*$', '', statement).strip():
                spark.sql(statement)
        if 'table' in request:
            schema = spark.table(request['table']).schema
            spark.read.csv(request['path'], schema=schema, escape='"').write.insertInto(request['table'])
        if 'selected' in request:
            reply['rows'] = [['' if cell is None else str(cell) for cell in row] for row in spark.sql(request['selected']).collect()]
    except Exception as e:
        reply['said'] = str(e) or repr(e)
    print(json.dumps(reply), file=out, flush=True)
spark.stop()
`

type sparkReply struct {
	Said string
	Rows [][]string
}

func openSpark(t *testing.T) database {
	testkit.Program(t, "java")
	python := testkit.Program(t, "python3")
	modules := testkit.PythonModules(t, "../../../testdata/spark", "pyspark")
	s := &sparkServer
	s.Lock()
	if s.stop == nil {
		startSpark(t, python, modules)
	}
	s.schemas++
	db := spark{"ivp" + strings.Repeat("i", s.schemas)}
	s.Unlock()
	require.Empty(t, spark{"default"}.request(t, map[string]string{"script": "CREATE SCHEMA " + db.schema}).Said)
	return db
}

func startSpark(t *testing.T, python, modules string) {
	folder, err := os.MkdirTemp("", "ivp-spark")
	require.NoError(t, err)
	script := filepath.Join(folder, "serve.py")
	require.NoError(t, os.WriteFile(script, []byte(sparkScript), 0o600))
	read, write, err := os.Pipe()
	require.NoError(t, err)
	cmd := exec.Command(python, script, folder, "3")
	cmd.Dir, cmd.ExtraFiles = folder, []*os.File{write}
	cmd.Env = append(os.Environ(), "PYTHONPATH="+modules, "SPARK_LOCAL_IP=127.0.0.1",
		"JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC") // starts faster
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	var said testkit.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	require.NoError(t, cmd.Start())
	require.NoError(t, write.Close())
	s := &sparkServer
	s.requests, s.replies = json.NewEncoder(stdin), json.NewDecoder(read)
	s.stop = func() {
		stdin.Close()
		cmd.Wait()
		os.RemoveAll(folder)
	}
}

func (db spark) request(t *testing.T, r map[string]string) (reply sparkReply) {
	s := &sparkServer
	s.Lock()
	defer s.Unlock()
	r["schema"] = db.schema
	require.NoError(t, s.requests.Encode(r))
	require.NoError(t, s.replies.Decode(&reply), "Spark ended")
	return reply
}

// run runs a script. Spark cannot delete rows from a table of files.
func (db spark) run(t *testing.T, script string) string {
	return db.request(t, map[string]string{"script": strings.ReplaceAll(script, "DELETE FROM", "TRUNCATE TABLE")}).Said
}

func (db spark) load(t *testing.T, table, path string) {
	require.Empty(t, db.request(t, map[string]string{"table": table, "path": path}).Said)
}

func (db spark) ask(t *testing.T, selected string, before ...string) [][]string {
	reply := db.request(t, map[string]string{"script": strings.Join(before, ";\n"), "selected": selected})
	require.Empty(t, reply.Said)
	return reply.Rows
}
