// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	townfile "github.com/fotobox-project/fotobox/registry/book/town"
)

// A town is both programs on this machine, each set up as its manual says.
type town struct {
	dir     string // everything is below it
	bin     string // where the programs are
	camera  string // as in the station's settings
	burst   int
	extra   string // more of the station's settings
	log     io.Writer
	kiosk   string // addresses, host:port
	desk    string
	public  string // citizens' pages
	mail    string // the mail server, empty for none
	device  string
	metrics [2]string // of the station and the office

	database string // URL of the office's PostgreSQL, or empty

	station, office *process
}

// A booking is what a citizen has been given.
type booking struct {
	code    string // FB1
	kennung appointment.Terminkennung
	qr      string // for a terminal
}

// build compiles both programs into dir.
func build(ctx context.Context, dir string, flags ...string) error {
	args := append([]string{"build", "-o", dir + string(filepath.Separator)}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, "./daemon/stationd", "./daemon/registryd")...)
	cmd.Dir = top()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	return nil
}

// top is the repository's own directory, from wherever the program or its test runs.
func top() string {
	dir, err := os.Getwd()
	for err == nil && dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	return "."
}

// freeAddress is an address of this machine that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// freeAddresses gives the town addresses of its own.
func (t *town) freeAddresses() (err error) {
	for _, a := range []*string{&t.kiosk, &t.desk, &t.public, &t.device, &t.metrics[0], &t.metrics[1]} {
		if *a, err = freeAddress(); err != nil {
			return err
		}
	}
	return nil
}

// found writes the settings and makes the office's keys.
func (t *town) found(ctx context.Context) error {
	office := fmt.Sprintf("state = %q\ndevice = %q\nlisten = %q\ndesk = %q\nmetrics = %q\n",
		filepath.Join(t.dir, "office"), t.device, t.device, t.desk, t.metrics[1])
	if t.database != "" {
		office += fmt.Sprintf("database = %q\n", t.database)
	}
	office += fmt.Sprintf("[public]\nlisten = %q\nsite = %q\n[[public.station]]\noffice = \"mitte\"\nplace = \"Eingangshalle\"\n", t.public, "http://"+t.public)
	if host, port, err := net.SplitHostPort(t.mail); err == nil {
		office += fmt.Sprintf("[mail]\nhost = %q\nport = %s\nplain = true\nfrom = \"Bürgeramt Musterstadt <termine@example.org>\"\nto = [\"technik@example.org\"]\nremind = 2\n", host, port)
	}
	station := fmt.Sprintf("state = %q\ncamera = %q\nlisten = %q\nburst = %d\nmetrics = %q\n",
		filepath.Join(t.dir, "station"), t.camera, t.kiosk, t.burst, t.metrics[0]) + t.extra
	for name, data := range map[string]string{"office.toml": office, "station.toml": station} {
		if err := os.WriteFile(filepath.Join(t.dir, name), []byte(data), 0o600); err != nil {
			return err
		}
	}
	_, err := t.registryd(ctx, "", "init", "-office", "05112000", "-name", "Bürgeramt Musterstadt")
	return err
}

// registryd runs a command of the office's program and returns what it printed.
func (t *town) registryd(ctx context.Context, stdin, command string, args ...string) (string, error) {
	return t.command(ctx, "registryd", "office.toml", stdin, command, args)
}

func (t *town) command(ctx context.Context, program, config, stdin, command string, args []string) (string, error) {
	args = append([]string{command, "-config", filepath.Join(t.dir, config)}, args...)
	cmd := exec.CommandContext(ctx, filepath.Join(t.bin, program), args...)
	cmd.Stdin = strings.NewReader(stdin)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", program, command, err, said.String())
	}
	return out.String(), nil
}

// clerk adds a clerk who may see every page of the desk and returns the fresh password.
func (t *town) clerk(ctx context.Context, name string) (string, error) {
	out, err := t.registryd(ctx, "", "clerk", "add", name, "-role", "supervisor")
	return strings.TrimSpace(out), err
}

var (
	codeLine    = regexp.MustCompile(`(?m)^FB1:.+$`)
	kennungWord = regexp.MustCompile(`Terminkennung ([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3})`)
	inviteLine  = regexp.MustCompile(`(?m)^FBE1:\S+$`)
)

// book makes an appointment and returns what the citizen is given.
func (t *town) book(ctx context.Context, name string, start time.Time) (booking, error) {
	out, err := t.registryd(ctx, name+"\n", "appointment", "add", "-start", start.Format(time.RFC3339))
	if err != nil {
		return booking{}, err
	}
	code, kennung := codeLine.FindString(out), kennungWord.FindStringSubmatch(out)
	if code == "" || kennung == nil {
		return booking{}, fmt.Errorf("registryd appointment add printed no code:\n%s", out)
	}
	k, err := appointment.ParseTerminkennung(kennung[1])
	return booking{code: code, kennung: k, qr: out[:strings.Index(out, code)]}, err
}

// furnish gives the office a large town's offices, services and rules.
func (t *town) furnish(ctx context.Context) error {
	return t.furnishWith(ctx, townfile.File())
}

// furnishWith gives the office the offices, services and rules of a file.
func (t *town) furnishWith(ctx context.Context, file []byte) error {
	name := filepath.Join(t.dir, "town.json")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		return err
	}
	_, err := t.registryd(ctx, "", "town", "import", name)
	return err
}

// enrol lets the station in, the way a technician does.
func (t *town) enrol(ctx context.Context) error {
	out, err := t.registryd(ctx, "", "invite")
	if err != nil {
		return err
	}
	_, err = t.command(ctx, "stationd", "station.toml", "", "enrol", []string{"-name", "Eingangshalle", inviteLine.FindString(out)})
	return err
}

// openOffice starts registryd and waits until it serves.
func (t *town) openOffice(ctx context.Context) (err error) {
	t.office, err = t.open(ctx, "registryd", "office.toml", "office ready")
	return err
}

// openStation starts stationd and waits until it serves.
func (t *town) openStation(ctx context.Context) (err error) {
	t.station, err = t.open(ctx, "stationd", "station.toml", "station ready")
	return err
}

func (t *town) open(ctx context.Context, program, config, ready string) (*process, error) {
	p, err := start(t.log, filepath.Join(t.bin, program), "run", "-config", filepath.Join(t.dir, config))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return p, p.await(ctx, ready)
}

// raise founds the town, opens the office, enrols the station and opens it.
func (t *town) raise(ctx context.Context) error {
	for _, step := range []func(context.Context) error{t.found, t.openOffice, t.enrol, t.openStation} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// close stops what runs.
func (t *town) close() {
	for _, p := range []*process{t.station, t.office} {
		if p != nil {
			_, _ = p.stop() // what it had to say is in the log
		}
	}
}
