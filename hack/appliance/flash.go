// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/fotobox-project/fotobox/internal/command"
)

// flash puts an image and a station's values on a card.
func flash(ctx context.Context, c *command.Call) error {
	s := card{password: rand.Text()}
	c.Flags.StringVar(&s.hostname, "hostname", "fotobox", "the station's name in the network")
	c.Flags.StringVar(&s.code, "code", "", `one-time code from "registryd invite"; it holds for 15 minutes`)
	c.Flags.StringVar(&s.place, "place", "", "where the station stands, for the office's list")
	settings := c.Flags.String("settings", "", "station.toml; empty: a USB camera and the usual values")
	e, err := begin(ctx, c)
	if err != nil {
		return err
	}
	words, err := c.Words(1, 1)
	if err != nil {
		return err
	}
	if *settings != "" {
		text, err := os.ReadFile(*settings)
		if err != nil {
			return err
		}
		s.settings = string(text)
	}
	if err := s.check(); err != nil {
		return err
	}
	if err := confirm(words[0], os.Stdin, c.Stdout); err != nil {
		return err
	}
	target, err := os.OpenFile(words[0], os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer target.Close()
	if err := e.write(ctx, target, s, c.Stdout); err != nil {
		return err
	}
	return keepPassword(s, c.Stdout)
}

// confirm shows the disk and has its name typed.
func confirm(dev string, in io.Reader, out io.Writer) error {
	name, ok := strings.CutPrefix(dev, "/dev/")
	if !ok {
		return fmt.Errorf("%s is no device: name it as /dev/sdb or /dev/mmcblk0", dev)
	}
	mounts, err1 := os.ReadFile("/proc/mounts")
	swaps, err2 := os.ReadFile("/proc/swaps")
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	d, err := readDevice(os.DirFS("/sys"), name, string(mounts)+string(swaps))
	if err != nil {
		return err
	}
	if err := d.check(); err != nil {
		return err
	}
	return d.ask(in, out)
}

// ask has the disk's name typed.
func (d device) ask(in io.Reader, out io.Writer) error {
	fmt.Fprintf(out, "/dev/%s: %s, %d GB. Everything on it will be lost.\nType %q to go on: ", d.name, d.label(), d.size/1e9, d.label())
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if strings.TrimSpace(line) != d.label() {
		return errors.New("nothing was written")
	}
	return nil
}

// write puts the image with the station's values on the target and reads it back.
func (e errand) write(ctx context.Context, target *os.File, s card, out io.Writer) error {
	dir, err := os.MkdirTemp("", "fotobox-card") // secrets are in it: it is for us alone
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	image := filepath.Join(dir, "card.img")
	if err := e.personal(ctx, image, s); err != nil {
		return err
	}
	from, err := os.Open(image)
	if err != nil {
		return err
	}
	defer from.Close()
	fmt.Fprintln(out, "writing")
	if _, err := io.Copy(target, from); err != nil {
		return err
	}
	if err := target.Sync(); err != nil {
		return err
	}
	fmt.Fprintln(out, "reading back")
	return same(from, target)
}

// personal makes a station's own image of the common one.
func (e errand) personal(ctx context.Context, image string, s card) error {
	if err := e.quiet(ctx, nil, "cp", "--sparse=always", e.image, image); err != nil {
		return fmt.Errorf("%w; build the image first", err)
	}
	if err := os.Chmod(image, 0o600); err != nil {
		return err
	}
	return e.formatPerm(ctx, image, diskSize, fresh(), s.files())
}

// same compares an image with what is on the card.
func same(image, target *os.File) error {
	dropCache(target)
	a, b := make([]byte, 4*mib), make([]byte, 4*mib)
	for at := int64(0); at < diskSize; at += int64(len(a)) {
		_, err1 := image.ReadAt(a, at)
		_, err2 := target.ReadAt(b, at)
		if err := errors.Join(err1, err2); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if !bytes.Equal(a, b) {
			return fmt.Errorf("the card differs from what was written, at %d MB; take another card", at/1e6)
		}
	}
	return nil
}

// keepPassword says the card's password, and keeps it for update.
func keepPassword(s card, out io.Writer) error {
	name, err := passwordFile(s.hostname)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(name, []byte(s.password+"\n"), 0o600); err != nil {
		return err
	}
	fmt.Fprintf(out, "the card is ready\nmaintenance page: http://%s:8081, any name, password %s (kept in %s); init's own page: port %s, user gokrazy\n", s.hostname, s.password, name, updatePort)
	return nil
}

func passwordFile(host string) (string, error) {
	dir, err := os.UserConfigDir()
	host, _, _ = strings.Cut(host, ":")
	return filepath.Join(dir, "fotobox", "stations", host), err
}
