// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"database/sql"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/fotobox-project/fotobox/hack/lab/emulation"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

func TestMain(m *testing.M) {
	testscript.Main(storetest.Both(m), map[string]func(){"registryd": main, dyingProgram: die, fileServer: serveFiles})
}

// TestScripts runs the program as its users do. Beside the usual commands the
// scripts know:
//
//	office        writes office.toml with free ports and sets $DEVICE and $DESK
//	reach ADDR    waits until somebody answers there
//	terminate     sends SIGTERM to the programs in the background
//	tamper QUERY  changes the database as a database tool would, past its triggers
//	[postgres]    holds while the office is on PostgreSQL
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			if storetest.Postgres() {
				env.Setenv("DATABASE", storetest.Where(t))
			}
			return emulation.Script(env, "registryd")
		},
		Condition: func(name string) (bool, error) { return name == "postgres" && storetest.Postgres(), nil },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"office": writeOffice, "reach": reach, "terminate": terminate, "tamper": tamper,
		},
	})
}

func writeOffice(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Setenv("DEVICE", freeAddress(ts))
	ts.Setenv("DESK", freeAddress(ts))
	text := "state = \"" + ts.MkAbs("state") + "\"\ndevice = \"" + ts.Getenv("DEVICE") + "\"\nlisten = \"" + ts.Getenv("DEVICE") + "\"\ndesk = \"" + ts.Getenv("DESK") + "\"\n"
	if url := ts.Getenv("DATABASE"); url != "" {
		ts.Check(os.WriteFile(ts.MkAbs("url"), []byte(url), 0o600))
		text += "database = \"file:" + ts.MkAbs("url") + "\"\n"
	}
	ts.Check(os.WriteFile(ts.MkAbs("office.toml"), []byte(text), 0o600))
}

func freeAddress(ts *testscript.TestScript) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer l.Close()
	return l.Addr().String()
}

func reach(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		a, err := http.Get("http://" + args[0] + "/")
		if err == nil {
			a.Body.Close()
			return
		}
	}
	ts.Fatalf("nobody answers at %s", args[0])
}

func terminate(ts *testscript.TestScript, _ bool, _ []string) {
	for _, c := range ts.BackgroundCmds() {
		ts.Check(c.Process.Signal(syscall.SIGTERM))
		began := time.Now()
		for c.Process.Signal(syscall.Signal(0)) == nil {
			if time.Since(began) > 2*time.Second {
				ts.Fatalf("program runs 2 s after SIGTERM")
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func tamper(ts *testscript.TestScript, _ bool, args []string) {
	driver, where, unguard := "sqlite", ts.MkAbs("state/office.db"), "DROP TRIGGER IF EXISTS audit_never_updated; "
	if url := ts.Getenv("DATABASE"); url != "" {
		driver, where, unguard = "pgx", url, "ALTER TABLE audit DISABLE TRIGGER USER; "
	}
	db, err := sql.Open(driver, where)
	ts.Check(err)
	defer db.Close()
	_, err = db.Exec(unguard + strings.Join(args, " "))
	ts.Check(err)
}
