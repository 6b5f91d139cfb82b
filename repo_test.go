// SPDX-License-Identifier: EUPL-1.2

package fotobox

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/fotobox-project/fotobox"

// A place is where a package stands and what it may import of this module.
type place struct {
	tower string // station, office or shared; "edge" is hack, which may look anywhere
	may   string
}

// floors has a line for every package. An import goes to a lower floor, and
// never into the other tower; a line below says so package by package.
var floors = map[string]place{
	"": {"shared", ""}, // the map

	// floor 0
	"appointment":                  {"shared", ""},
	"ui/text":                      {"shared", ""},
	"ui/style":                     {"shared", ""},         // KERN's files, which kiosk and desk both serve
	"ui/voice":                     {"station", "ui/text"}, // the kiosk's sentences as sound, which `make voice` adds
	"image/pixel":                  {"shared", ""},
	"image/face":                   {"shared", "image/pixel"}, // lies on pixel's pictures
	"internal/durable":             {"shared", ""},
	"internal/durable/durabletest": {"shared", "internal/durable"}, // the power cut that tests of what is stored share
	"internal/problem":             {"shared", ""},                 // RFC 9457, which both sides of a delivery speak
	"internal/backoff":             {"shared", ""},
	"internal/origin":              {"shared", ""}, // where a request comes from: desk and citizens' pages count attempts by it
	"internal/clock":               {"shared", ""}, // whether this machine's time is true
	"internal/fscrypt":             {"shared", ""}, // folders that the kernel encrypts
	"internal/kmod":                {"shared", ""}, // kernel modules, where no modprobe loads them
	"internal/systemd":             {"shared", ""}, // readiness, watchdog and sockets of both programs
	"upload/enrolment":             {"shared", ""}, // the words in which station and office meet for the first time
	"registry/store":               {"office", "internal/durable"},
	"registry/calendar":            {"office", ""}, // when offices receive, from rules: pure, so that the book and a preview of it say the same

	"registry/link": {"office", ""}, // the signed addresses that citizens get: what makes them and what opens them are others

	// floor 1
	"capture/camera":            {"station", "internal/backoff"},
	"capture/camera/cameratest": {"station", "capture/camera image/pixel"},               // the simulated camera: part of the program, beside the real one
	"capture/panel":             {"station", "internal/backoff"},                         // lamps and keys: open and reopened as the camera is
	"capture/panel/paneltest":   {"station", "capture/panel"},                            // the simulated panel of the tests
	"capture/camera/v4l2":       {"station", "capture/camera image/pixel internal/kmod"}, // the real camera, beside the simulated one
	"capture/reader":            {"station", "appointment image/pixel"},
	"upload/outbox":             {"station", "appointment upload/envelope internal/durable"},
	"image/booth":               {"shared", "image/pixel"}, // the empty scene as reference
	"image/chart":               {"shared", "image/pixel"}, // the printed test chart: draws it, and measures the camera by it
	"image/phototest":           {"shared", "image/pixel"}, // the test photos, and what makes them bad: for tests and hack only
	"image/portrait":            {"shared", "image/face image/pixel"},
	"image/record":              {"shared", "image/pixel"},
	"image/model":               {"shared", "image/face image/pixel"}, // learned measures, and the table they are read from
	"upload/envelope":           {"shared", "appointment upload/enrolment"},
	"registry/audit":            {"office", "registry/store"},
	"registry/post":             {"office", "internal/backoff registry/store"}, // the one outbox for mails: what they say is others' subject
	"registry/post/posttest":    {"office", ""},                                // a mail server for tests, beside what sends to it
	"registry/store/storetest":  {"office", "registry/store"},                  // SQLite and a real PostgreSQL for the tests of all that lies on the store

	// floor 2
	"upload/courier":             {"station", "appointment upload/envelope upload/outbox internal/backoff internal/problem"},
	"image/quality":              {"shared", "image/face image/pixel image/portrait"}, // ISO/IEC 29794-5: beside the rules, and of none of them
	"image/rule":                 {"shared", "image/booth image/face image/model image/pixel image/portrait"},
	"registry/book":              {"office", "appointment registry/store registry/audit registry/calendar"},
	"registry/book/town":         {"office", "registry/book registry/calendar"},                                           // the file that an office writes its rules in, and a large town as one
	"registry/clockwork":         {"office", "internal/backoff registry/book"},                                            // what is due at certain times, of the book and of what follows it: none of their own subjects
	"registry/visits":            {"office", "internal/problem registry/store upload/enrolment"},                          // what stations measured: no part of a capture, which is forgotten long before
	"registry/retention":         {"office", "registry/store registry/audit"},                                             // every limit in one table, and the one job that erases
	"registry/clerks":            {"office", "registry/store registry/audit"},                                             // sign-in of the clerks: neither the book's nor the desk's subject
	"registry/wishes":            {"office", "appointment registry/audit registry/book registry/calendar registry/store"}, // the queue of those who found nothing free: follows the book, which knows nothing of it
	"registry/wishes/order":      {"office", ""},                                                                          // judges the queue by its rules alone, and by none of its code
	"registry/wishes/witness":    {"office", "registry/book registry/store registry/wishes registry/wishes/order"},        // tells the judge what happens: for tests and simulations
	"registry/devices":           {"office", "appointment upload/envelope upload/enrolment internal/durable internal/problem registry/store registry/audit"},
	"registry/fleet":             {"office", "internal/problem registry/audit registry/devices registry/store upload/enrolment"}, // how stations stand and are to work: more than who they are, which devices knows
	"registry/clerks/openidtest": {"office", ""},                                                                                 // a town's OpenID provider for tests, beside what asks it
	"registry/backup":            {"office", "registry/store registry/audit"},                                                    // the whole store as one sealed file: of every table, and of no package's subject

	// floor 3
	"daemon/session": {"station", "appointment"},
	"registry/queue": {"office", "appointment internal/problem registry/audit registry/book registry/store upload/enrolment"}, // who is there and whose turn it is: on the book, and of no name
	"registry/inbox": {"office", "appointment image/rule internal/problem upload/envelope registry/store registry/audit"},

	// floor 4
	"registry/handover":    {"office", "appointment image/rule internal/durable internal/problem upload/envelope registry/book registry/inbox"}, // what the registry software gets: beside the desk, as another reader of the inbox
	"registry/zms":         {"office", "appointment registry/audit registry/book registry/inbox registry/store upload/envelope"},                // a city's own appointment system: reads the inbox as the desk does
	"registry/zms/zmstest": {"office", ""},                                                                                                      // a ZMS for tests, beside what asks it
	"registry/alert":       {"office", "registry/fleet registry/post registry/store"},                                                           // mails of what is wrong with the fleet, which it does not judge itself

	"daemon/conductor": {"station", "appointment capture/camera daemon/session image/booth image/face image/pixel image/record image/rule upload/envelope upload/outbox"},
	"daemon/tally":     {"station", "daemon/session upload/enrolment"}, // what is measured of a visit: beside the conductor, which plays it
	"ui/kiosk":         {"station", "appointment daemon/session image/rule ui/text ui/style ui/voice upload/envelope"},
	"ui/console":       {"station", "ui/text"}, // the screen without a browser, beside the kiosk's
	"ui/desk":          {"office", "appointment image/rule internal/origin upload/envelope registry/audit registry/book registry/clerks registry/devices registry/inbox registry/retention registry/visits ui/text ui/style registry/fleet upload/enrolment registry/calendar registry/queue"},
	"ui/waiting":       {"office", "registry/book registry/queue ui/style ui/text"},                                                                                              // numbers in the hall: apart from the desk and the citizens' pages, so that nothing of a person is near
	"ui/letter":        {"office", "appointment registry/book registry/calendar registry/link registry/post ui/text"},                                                            // what mails to citizens say: as a page, of the book
	"ui/public":        {"office", "appointment internal/origin internal/problem registry/book registry/calendar registry/link registry/store ui/style ui/text registry/wishes"}, // citizens' booking pages: no inbox, no envelope, nothing that a photo comes from

	"registry/simulate":      {"office", "appointment registry/audit registry/book registry/calendar registry/clockwork registry/queue registry/simulate/plot registry/store registry/wishes registry/wishes/witness"}, // plays a town on the real code: above all that it plays
	"registry/simulate/plot": {"office", ""},                                                                                                                                                                           // draws numbers, and knows nothing of a town

	// floor 5
	"daemon/stationd": {"station", "appointment capture/camera capture/camera/cameratest capture/camera/v4l2 capture/panel capture/reader daemon/conductor daemon/session daemon/tally " +
		"image/booth image/chart image/face image/pixel image/portrait image/quality image/record image/rule internal/backoff internal/clock internal/command internal/durable internal/fscrypt internal/kmod internal/problem internal/settings internal/systemd " +
		"ui/console ui/kiosk ui/style ui/text upload/courier upload/enrolment upload/envelope upload/outbox"},
	"daemon/guardd": {"station", "internal/durable"}, // knows nothing of the station, so that it works when the station does not
	"daemon/registryd": {"office", "appointment image/rule internal/command internal/durable internal/problem internal/settings internal/systemd ui/desk ui/letter ui/public ui/text upload/enrolment upload/envelope ui/waiting " +
		"registry/alert registry/audit registry/backup registry/book registry/book/town registry/calendar registry/clerks registry/clockwork registry/devices registry/fleet registry/handover registry/inbox registry/link registry/post registry/queue registry/retention registry/simulate registry/store registry/visits registry/wishes registry/zms"},

	"ui/browsertest":        {"shared", ""},               // the browser and axe-core that tests of all pages share
	"internal/contracttest": {"shared", ""},               // answers against the OpenAPI document that describes them, for both interfaces
	"internal/metrictest":   {"shared", ""},               // both programs' metrics against their documentation
	"internal/command":      {"shared", ""},               // commands and flags of both programs
	"internal/settings":     {"shared", ""},               // strict TOML for both programs
	"hack/appliance":        {"edge", "internal/command"}, // the disk image: built, flashed, updated, booted in QEMU
	"hack/check":            {"edge", ""},
	"hack/train":            {"edge", "capture/camera/cameratest image/face image/model image/pixel"}, // writes image/model's table
	"hack/assets":           {"edge", ""},
	"hack/voice":            {"edge", "ui/text ui/voice"},                                                                           // speaks what ui/voice embeds
	"hack/demo":             {"edge", "appointment registry/book ui/style upload/envelope registry/book/town"},                      // `make run`, and whole visits with the real programs
	"hack/evaluate":         {"edge", "capture/camera/cameratest image/face image/phototest image/pixel image/portrait image/rule"}, // judges the judge: photos, altered photos and sitters
	"hack/flow":             {"edge", "appointment daemon/session"},
	"hack/lab":              {"edge", ""},                                                                                                                                          // the real kernel in QEMU, for every lab_test.go
	"hack/lab/emulation":    {"edge", ""},                                                                                                                                          // starts the tests' programs under user emulation
	"hack/lab/guestinit":    {"edge", ""},                                                                                                                                          // its first process
	"hack/lab/usbsim":       {"edge", ""},                                                                                                                                          // camera and scanner that its drivers take for hardware
	"hack/lab/gpiosim":      {"edge", ""},                                                                                                                                          // chips of the kernel's simulated GPIO
	"hack/screens":          {"edge", "ui/text"},                                                                                                                                   // pictures of every kiosk screen, in the kiosk's order of languages
	"hack/visitor":          {"edge", "appointment capture/camera capture/camera/cameratest hack/lab/usbsim"},                                                                      // the citizen in tests of whole programs
	"hack/lab/blackout":     {"edge", "appointment internal/durable registry/audit registry/devices registry/store upload/courier upload/enrolment upload/envelope upload/outbox"}, // the program of a machine whose power is cut
	"hack/fuzz":             {"edge", ""},                                                                                                                                          // runs every fuzz target
	"hack/measure": {"edge", "capture/camera/cameratest image/rule upload/envelope " + // the picture that stationd is measured with
		"registry/audit registry/book registry/clerks registry/devices registry/fleet registry/inbox registry/store registry/visits ui/desk"}, // and the office that a clerk waits for
}

type listed struct {
	path, name string
	imports    []string
}

// packages asks the go command for every package of the module.
func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}|{{.Name}}|{{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []listed
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSpace(line), "|")
		list = append(list, listed{strings.TrimPrefix(strings.TrimPrefix(f[0], module), "/"), f[1], strings.Fields(f[2])})
	}
	return list
}

func TestFloors(t *testing.T) {
	known := map[string]bool{}
	for _, p := range packages(t) {
		known[p.path] = true
		here, ok := floors[p.path]
		if !ok {
			t.Errorf("%s has no line in floors; say where it stands, and why it is there", p.path)
			continue
		}
		for _, imported := range p.imports {
			rel, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			if !slices.Contains(strings.Fields(here.may), rel) {
				t.Errorf("%s must not import %s", p.path, rel)
			}
			if there := floors[rel]; here.tower != "edge" && there.tower != "shared" && there.tower != here.tower {
				t.Errorf("%s (%s tower) imports %s (%s tower)", p.path, here.tower, rel, there.tower)
			}
		}
	}
	for name := range floors {
		if !known[name] {
			t.Errorf("floors has a line for %s, which does not exist", name)
		}
	}
}

func TestNames(t *testing.T) {
	out, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]bool{}
	for name := range strings.FieldsSeq(string(out)) {
		taken[path.Base(name)] = true
	}
	forbidden := regexp.MustCompile(`^(utils?|common|helpers?|managers?|services?|types|base|misc)$`)
	for _, p := range packages(t) {
		if p.name == "main" {
			continue
		}
		if taken[p.name] {
			t.Errorf("%s: the standard library has a package %s", p.path, p.name)
		}
		if forbidden.MatchString(p.name) {
			t.Errorf("%s: %s says nothing", p.path, p.name)
		}
	}
}

// TestMains: the folders under daemon that end in d are the programs, what lies in hack is tools
// and what tests share: simulated devices and citizens, and the emulator.
func TestMains(t *testing.T) {
	shared := []string{"hack/lab/emulation", "hack/lab/gpiosim", "hack/lab/usbsim", "hack/visitor"}
	for _, p := range packages(t) {
		program := strings.HasPrefix(p.path, "daemon/") && strings.HasSuffix(p.path, "d") || strings.HasPrefix(p.path, "hack/") && !slices.Contains(shared, p.path)
		if (p.name == "main") != program {
			t.Errorf("%s is package %s", p.path, p.name)
		}
	}
}

// sources calls f with every file below the folder that ends in one of the endings.
func sources(t *testing.T, f func(name string, data []byte), endings ...string) {
	t.Helper()
	out, err := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skip("no git checkout: the files cannot be listed")
	}
	for name := range strings.FieldsSeq(string(out)) {
		if !slices.Contains(endings, filepath.Ext(name)) && !slices.Contains(endings, filepath.Base(name)) {
			continue
		}
		data, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			continue // removed, not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		f(name, data)
	}
}

func TestLicenceLines(t *testing.T) {
	sources(t, func(name string, data []byte) {
		first, _, _ := bytes.Cut(data, []byte("\n\n"))
		if !bytes.Contains(first, []byte("SPDX-License-Identifier: EUPL-1.2")) {
			t.Errorf("%s does not begin with its licence line", name)
		}
	}, ".go", ".js", ".css", ".sql", ".sh", ".html", "Makefile")
}

// TestNothingLeftBehind looks for marks of unfinished work, and for hosts that
// packages are downloaded from: those belong to the machine's settings.
func TestNothingLeftBehind(t *testing.T) {
	marks := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
	hosts := regexp.MustCompile(`registry\.npm` + `js\.org|proxy\.go` + `lang\.org|deb\.deb` + `ian\.org`)
	sources(t, func(name string, data []byte) {
		for _, re := range []*regexp.Regexp{marks, hosts} {
			if m := re.Find(data); m != nil {
				t.Errorf("%s contains %q", name, m)
			}
		}
	}, ".go", ".js", ".css", ".html", ".sh", ".sql", ".md", ".json", ".toml", ".mod", ".npmrc", "Makefile")
}

// parsed calls f with every Go file of the module.
func parsed(t *testing.T, f func(name string, set *token.FileSet, file *ast.File)) {
	t.Helper()
	sources(t, func(name string, data []byte) {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		f(name, set, file)
	}, ".go")
}

func TestOneDocCommentAPackage(t *testing.T) {
	docs := map[string][]string{}
	parsed(t, func(name string, _ *token.FileSet, file *ast.File) {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			return
		}
		dir := path.Dir(name)
		docs[dir] = append(docs[dir], nil...)
		if file.Doc == nil {
			return
		}
		docs[dir] = append(docs[dir], name)
		first, _, _ := strings.Cut(file.Doc.Text(), "\n\n")
		want := "Package " + file.Name.Name + " "
		if file.Name.Name == "main" {
			want = "Command " + path.Base(dir) + " "
		}
		if !strings.HasPrefix(first, want) || !strings.HasSuffix(strings.TrimSpace(first), ".") {
			t.Errorf("%s: the doc comment is not one sentence that begins with %q: %q", name, want, first)
		}
	})
	for dir, names := range docs {
		if len(names) != 1 {
			t.Errorf("%s has %d doc comments (%v), want 1", dir, len(names), names)
		}
	}
}

// TestHouseRules: no init functions, and sizes that fit a screen.
func TestHouseRules(t *testing.T) {
	const longestFile, longestFunction = 450, 70
	parsed(t, func(name string, set *token.FileSet, file *ast.File) {
		lines := func(from, to token.Pos) int { return set.Position(to).Line - set.Position(from).Line }
		if n := lines(file.FileStart, file.FileEnd); n > longestFile {
			t.Errorf("%s has %d lines, want at most %d", name, n, longestFile)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if f.Name.Name == "init" && f.Recv == nil {
				t.Errorf("%s: init runs where nobody reads it", name)
			}
			if n := lines(f.Pos(), f.End()) + 1; n > longestFunction {
				t.Errorf("%s: %s has %d lines, want at most %d", name, f.Name.Name, n, longestFunction)
			}
		}
	})
}

// TestStationOpensNothing: no file of the station's tower mentions what could
// open an envelope, neither the function nor a private key of its recipients.
func TestStationOpensNothing(t *testing.T) {
	opens := regexp.MustCompile(`envelope\.Open\b|age\.(Decrypt|Identity|ParseIdentities|Generate\w*|New\w*Identity|Parse\w*Identity)\b`)
	sources(t, func(name string, data []byte) {
		if floors[path.Dir(name)].tower != "station" || strings.HasSuffix(name, "_test.go") {
			return
		}
		if m := opens.Find(data); m != nil {
			t.Errorf("%s uses %s: a station never opens what it seals", name, m)
		}
	}, ".go")
}

// TestDependenciesAreExplained: every direct requirement has its row in docs/dependencies.md.
func TestDependenciesAreExplained(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) (v\S+)$`).FindAllSubmatch(mod, -1) {
		if !regexp.MustCompile(`\| ` + regexp.QuoteMeta(string(m[1])) + ` +\| ` + regexp.QuoteMeta(string(m[2])) + ` `).Match(page) {
			t.Errorf("docs/dependencies.md has no row for %s %s", m[1], m[2])
		}
	}
}

// TestLinks: every file that a document of ours links to is there.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	sources(t, func(name string, data []byte) {
		for _, m := range link.FindAllSubmatch(data, -1) {
			to := path.Join(path.Dir(name), string(m[1]))
			if _, err := os.Stat(to); os.IsNotExist(err) {
				t.Errorf("%s links to %s, which does not exist", name, to)
			}
		}
	}, ".md")
}

// TestRecognisesNobody: no module, import or name of ours is a means to tell who a
// person is: no template of a face, no vector that stands for one, no network
// that could make one. The lists are of words, so that what comes later is asked too.
func TestRecognisesNobody(t *testing.T) {
	modules := regexp.MustCompile(`(?i)onnx|tflite|tensorflow|torch|gorgonia|gomlx|opencv|gocv|dlib|face-?(recognition|net)|arcface|insightface|deepface|magface|sface|faiss|hnsw`)
	for _, name := range []string{"go.mod", "go.sum", "hack/tools.mod"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if m := modules.Find(data); m != nil {
			t.Errorf("%s requires %q", name, m)
		}
	}
	names := regexp.MustCompile(`(?i)embedding|face_?(template|vector|print|id$|hash)|arcface|facenet|magface|faceprint|recogni[sz]e_?(face|person)|identif(y|ies)_?(face|person)|same_?person|who_?is`)
	parsed(t, func(file string, _ *token.FileSet, tree *ast.File) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		for _, i := range tree.Imports {
			// A standard library is no dlib; the one import that is named so is the database's.
			if m := modules.FindString(strings.TrimSuffix(i.Path.Value, `/pgx/v5/stdlib"`)); m != "" {
				t.Errorf("%s imports %s", file, i.Path.Value)
			}
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && names.MatchString(id.Name) {
				t.Errorf("%s: %s sounds like a means to recognise a person", file, id.Name)
			}
			return true
		})
	})
	sources(t, func(file string, _ []byte) {
		t.Errorf("%s is a network's weights", file)
	}, ".onnx", ".tflite", ".pb", ".pt", ".pth", ".caffemodel", ".h5")
}
