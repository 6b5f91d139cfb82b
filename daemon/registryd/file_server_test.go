// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// fileServer is the name of the program that the office is compared with: it
// keeps what it is sent as restic's rest-server does (SaveBlob), in files.
const fileServer = "fileserver"

// serveFiles is its main; arguments are the office's state, for the same TLS, the address and the folder.
func serveFiles() {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	go func() { <-ended; os.Exit(0) }()
	keys, err := devices.Load(os.Args[1])
	if err == nil {
		err = listenForFiles(keys.TLS([]string{"127.0.0.1"}), os.Args[2], os.Args[3])
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func listenForFiles(config *tls.Config, address, dir string) error {
	config.ClientAuth = tls.RequireAndVerifyClientCert
	for n := range 256 {
		if err := os.MkdirAll(filepath.Join(dir, fmt.Sprintf("%02x", n)), 0o700); err != nil {
			return err
		}
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /v1/captures/{id}", func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		if err := saveFile(filepath.Join(dir, id[len(id)-2:]), id, r.Header.Get("Content-Digest"), r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
	return http.Serve(tls.NewListener(l, config), mux)
}

// saveFile: O_EXCL, write and hash, fsync, close, rename, fsync of the folder.
func saveFile(dir, name, digest string, body io.Reader) error {
	final := filepath.Join(dir, name)
	if _, err := os.Stat(final); err == nil {
		return os.ErrExist
	}
	f, err := os.OpenFile(final+".tmp", os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	hash := sha256.New()
	_, err = io.Copy(f, io.TeeReader(body, hash))
	if err == nil && envelope.Digest([sha256.Size]byte(hash.Sum(nil))) != digest {
		err = errors.New("content has another digest")
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(final+".tmp", final); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
