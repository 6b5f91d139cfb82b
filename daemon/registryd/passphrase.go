// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/fotobox-project/fotobox/internal/command"
)

// credential is the name of the passphrase among systemd's credentials
// (LoadCredentialEncrypted=passphrase).
const credential = "passphrase"

// passphraseFlag adds the flag that says where the passphrase is read.
func passphraseFlag(c *command.Call) *int {
	return c.Flags.Int("passphrase-fd", -1, "file descriptor to read the passphrase of office.key from")
}

// passphrase reads the passphrase of office.key: from the file descriptor, from
// systemd's credential, or from the terminal. It never stands on the command
// line or in the environment, which others can read.
func passphrase(fd int, stderr io.Writer, question string) (string, error) {
	if fd >= 0 {
		return readPassphrase(os.NewFile(uintptr(fd), "passphrase"))
	}
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" {
		f, err := os.Open(filepath.Join(dir, credential))
		if err == nil {
			defer f.Close()
			return readPassphrase(f)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("read passphrase: %w", err)
		}
	}
	if in := int(os.Stdin.Fd()); term.IsTerminal(in) {
		fmt.Fprint(stderr, question)
		text, err := term.ReadPassword(in)
		fmt.Fprintln(stderr)
		return string(text), err
	}
	return "", errors.New("office.key has a passphrase: give it at the terminal, with -passphrase-fd, or as the credential " + credential)
}

func readPassphrase(f *os.File) (string, error) {
	line, err := firstLine(f)
	if err != nil {
		return "", fmt.Errorf("read passphrase: %w", err)
	}
	return line, nil
}

// firstLine does not wait for the end of what is typed.
func firstLine(f *os.File) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(f, 4096)).ReadString('\n')
	switch line = strings.TrimRight(line, "\r\n"); {
	case line != "":
		return line, nil
	case err == nil || errors.Is(err, io.EOF):
		return "", errors.New("there is none")
	}
	return "", err
}
