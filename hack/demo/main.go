// SPDX-License-Identifier: EUPL-1.2

// Command demo raises a small town on this machine: an office with a town's calendar and three appointments for today, and a station with a simulated camera that is enrolled there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/ui/style"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	camera := flag.String("camera", "sitter", `"sitter", a folder of photos, or what the station's settings name: "usb", "usb:NAME", "/dev/video0"`)
	flag.Parse()
	if err := demo(ctx, *camera); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// demo runs until ctx ends. Every run begins anew.
func demo(ctx context.Context, camera string) error {
	dir := filepath.Join(top(), "run")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if info, err := os.Stat(camera); err == nil && info.IsDir() {
		folder, err := filepath.Abs(camera)
		if err != nil {
			return err
		}
		camera = "folder:" + folder
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	t := &town{
		dir: dir, bin: filepath.Join(top(), "bin"), camera: camera, burst: 5, log: log, kiosk: "127.0.0.1:8080",
		desk: "127.0.0.1:8090", public: "127.0.0.1:8092", device: "127.0.0.1:8443", metrics: [2]string{"127.0.0.1:8081", "127.0.0.1:8091"},
	}
	if t.mail, err = openMailbox(ctx, filepath.Join(dir, "mail"), os.Stdout); err != nil {
		return err
	}
	fmt.Println("building ...")
	if err := build(ctx, t.bin); err != nil {
		return err
	}
	defer t.close()
	if err := t.raise(ctx); err != nil {
		return err
	}
	if err := t.furnish(ctx); err != nil {
		return err
	}
	if err := t.greet(ctx); err != nil {
		return err
	}
	return t.wait(ctx)
}

// greet seeds the day and says where everything is.
func (t *town) greet(ctx context.Context) error {
	password, err := t.clerk(ctx, "clerk")
	if err != nil {
		return err
	}
	var first booking
	for i, name := range []string{"Ada Beispiel", "Bruno Muster", "Cem Probe"} {
		b, err := t.book(ctx, name, nextSlot(time.Now(), i))
		if err != nil {
			return err
		}
		if i == 0 {
			first = b
		}
	}
	fmt.Print(first.qr)
	fmt.Printf(`
  1. The citizen    http://%s   scan the QR code above, type the Terminkennung %s,
                    or paste the code and press Enter:
                    %s
  2. The clerk      http://%s   name: clerk   password: %s
  3. At home        http://%s   books, moves and cancels appointments; mails come to
                    %s and are named here

  Metrics           http://%s/metrics   http://%s/metrics
  Log               %s
`, t.kiosk, first.kennung, first.code, t.desk, password, t.public, filepath.Join(t.dir, "mail"), t.metrics[0], t.metrics[1], filepath.Join(t.dir, "log"))
	if !style.Built() {
		fmt.Println("  The pages are unstyled: run `make assets` first (needs npm).")
	}
	fmt.Println("\n  Ctrl-C stops both programs; the next run begins anew.")
	return nil
}

// nextSlot is the n-th quarter of an hour from now, or this minute when that
// would be tomorrow at the office.
func nextSlot(now time.Time, n int) time.Time {
	slot := now.Truncate(15 * time.Minute).Add(time.Duration(n+1) * 15 * time.Minute)
	if _, tomorrow := book.Day(now); !slot.Before(tomorrow) {
		return now.Truncate(time.Minute)
	}
	return slot
}

// wait waits for the end, or for a program that ends by itself.
func (t *town) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		fmt.Println("\nstopping ...")
		return nil
	case <-t.station.ended:
	case <-t.office.ended:
	}
	return errors.New("a program has ended; the log says why: " + filepath.Join(t.dir, "log"))
}
