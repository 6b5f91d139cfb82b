// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/internal/command"
)

// updatePort is where the appliance's init listens.
const updatePort = "8022"

// update brings an image's system onto a running station and waits until guardd
// there has decided about it.
func update(ctx context.Context, c *command.Call) error {
	e, err := begin(ctx, c)
	if err != nil {
		return err
	}
	words, err := c.Words(1, 1)
	if err != nil {
		return err
	}
	password, err := password(words[0])
	if err != nil {
		return err
	}
	host := words[0]
	if !strings.Contains(host, ":") {
		host += ":" + updatePort
	}
	r := remote{base: "http://" + host, password: password, client: http.DefaultClient, every: 5 * time.Second}
	before, err := r.status(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "%s (%s) runs the release of %s\n", before.Hostname, before.Model, before.BuildTimestamp)
	said, err := r.log(ctx, "/user/guardd")
	if err != nil {
		return err
	}
	if err := r.update(ctx, e.image); err != nil {
		return err
	}
	fmt.Fprintln(c.Stdout, "the new release is on the card; the station starts again")
	ctx, cancel := context.WithTimeout(ctx, 15*time.Minute)
	defer cancel()
	return r.follow(ctx, c.Stdout, said)
}

// follow prints what guardd says until it has confirmed the release or gone back;
// before is what it had said before the station started again.
func (r remote) follow(ctx context.Context, out io.Writer, before string) error {
	said := ""
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("guardd has not decided: %w; look at the station", ctx.Err())
		case <-time.After(r.every):
		}
		log, err := r.log(ctx, "/user/guardd")
		if err != nil || log == said || !strings.Contains(log, "level=") || before != "" && strings.HasPrefix(log, before) {
			continue // it is still ending, or starting
		}
		fmt.Fprint(out, strings.TrimPrefix(log, said))
		said = log
		switch {
		case strings.Contains(log, "confirmed"):
			return nil
		case strings.Contains(log, "runs again"), strings.Contains(log, "switched back"):
			return errors.New("the station went back to its old release; guardd's record says why")
		}
	}
}

// password of a station: from the environment, or as flash has kept it.
func password(host string) (string, error) {
	if p := os.Getenv("FOTOBOX_PASSWORD"); p != "" {
		return p, nil
	}
	name, err := passwordFile(host)
	if err != nil {
		return "", err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("%w; set FOTOBOX_PASSWORD to the password that was printed when the card was flashed", err)
	}
	return strings.TrimSpace(string(data)), nil
}
