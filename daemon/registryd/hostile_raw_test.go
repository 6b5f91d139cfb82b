// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"
)

// rawKinds are bytes that no client library sends. Nobody is let in without a
// certificate, so that a smuggled request would show as another answer than 401.
func rawKinds() []kind {
	get := "GET /v1/station HTTP/1.1\r\nHost: x\r\n\r\n"
	text := func(list ...string) func(*siege, *rand.Rand) string {
		return func(s *siege, r *rand.Rand) string { return s.raw(pick(r, list...)) }
	}
	return []kind{
		{"smuggled request", 20, "turned away", text(
			"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"+get,
			"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\n{}  "+get,
			"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"+get,
			"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"+get,
			"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"+get,
			"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2;\n{}\r\n0\n\n"+get,
			"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\n{}"+get,
			"GET /v1/station HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n"+get,
			"GET /v1/station HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"+get)},
		{"malformed request", 20, "turned away", text(
			"\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /v1/station\r\n\r\n", "GET /v1/station HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /v1/station HTTP/1.1\nHost: x\n\n",
			"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "GET  /v1/station HTTP/1.1\r\nHost: x\r\n\r\n", "G\x7fT / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
			"GET / HTTP/1.1\r\nHost: x\r\n Folded: y\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n", "GET / HTTP/1.1\r\nHost: ../\r\n\r\n")},
		{"very long", 5, "turned away", func(s *siege, r *rand.Rand) string {
			long := strings.Repeat(pick(r, "a", "/", "%2e", "é"), 30000)
			return s.raw(pick(r, "GET /"+long+" HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX: "+long+"\r\n\r\n", long+" / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n"+strings.Repeat("X: y\r\n", 9000)+"\r\n"))
		}},
		{"address that is no path", 10, "turned away", text(
			"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "CONNECT registry.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", "GET http://127.0.0.1/v1/station HTTP/1.1\r\nHost: x\r\n\r\n",
			"GET file:///etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", "GET v1/station HTTP/1.1\r\nHost: x\r\n\r\n", "GET ?x HTTP/1.1\r\nHost: x\r\n\r\n", "GET * HTTP/1.1\r\nHost: x\r\n\r\n")},
		{"noise after the handshake", 5, "turned away", func(s *siege, r *rand.Rand) string { return s.raw(string(noise(r, 1+r.IntN(2000)))) }},
		{"noise instead of a handshake", 10, "turned away", func(s *siege, r *rand.Rand) string {
			return s.plain(s.settings.Device, pick(r, noise(r, 1+r.IntN(600)), []byte(get), []byte("\x16\x03\x01\xff\xff\x01"), []byte("SSH-2.0-x\r\n"), append([]byte("\x16\x03\x01\x00\x40"), noise(r, 64)...)))
		}},
	}
}

// raw sends bytes over TLS, without a certificate, and reads all answers.
func (s *siege) raw(text string) string {
	c, err := tls.Dial("tcp", s.settings.Device, s.theirs.Transport.(*http.Transport).TLSClientConfig)
	if err != nil {
		return err.Error()
	}
	defer c.Close()
	go func() { io.WriteString(c, text); c.CloseWrite() }() // the answer may come before all is sent
	return answers(c)
}

// plain sends bytes without TLS.
func (s *siege) plain(address string, text []byte) string {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err.Error()
	}
	defer c.Close()
	go func() { c.Write(text); c.(*net.TCPConn).CloseWrite() }()
	return answers(c)
}

// answers reads what comes until the connection is closed: each must be a
// refusal, by a problem or, where HTTP did not get that far, by net/http itself.
func answers(c net.Conn) string {
	c.SetReadDeadline(time.Now().Add(40 * time.Second))
	all, err := io.ReadAll(c)
	if t, ok := err.(net.Error); ok && t.Timeout() {
		return "connection stays open"
	}
	in := bufio.NewReader(bytes.NewReader(all))
	for {
		a, err := http.ReadResponse(in, nil)
		if err != nil {
			return "turned away"
		}
		text, _ := io.ReadAll(a.Body)
		switch media := a.Header.Get("Content-Type"); {
		case a.StatusCode < 400:
			return fmt.Sprintf("let in: %.800q", all)
		case media == "application/problem+json":
			if what := problemIn("GET", media, text, a.StatusCode); strings.Contains(what, " ") {
				return what
			}
		case !a.Close: // net/http closes after what it could not read
			return fmt.Sprintf("%d is no problem: %.80q", a.StatusCode, text)
		}
	}
}
