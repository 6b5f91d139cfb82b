// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// proxyURL is the forward proxy that the settings name, or nil.
func (s Settings) proxyURL() (*url.URL, error) {
	text, err := secret(s.Proxy)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		return nil, errors.New(`proxy: must be an address such as "http://proxy.town.example:3128", or "file:PATH" of a file with it`) // and not what stands there: it may hold a password
	}
	return u, nil
}

// through lets the transport reach the office through the proxy, by CONNECT (RFC 9110, 9.3.6): the
// proxy sees addresses and amounts, nothing else. The environment's proxies do not count. A proxy
// over TLS would be asked for the office's certificate, and is refused by the settings.
func through(t *http.Transport, proxy *url.URL) *http.Transport {
	if proxy == nil {
		return t
	}
	t.Proxy = http.ProxyURL(proxy)
	t.OnProxyConnectResponse = func(_ context.Context, proxy *url.URL, q *http.Request, a *http.Response) error {
		if a.StatusCode == http.StatusOK {
			return nil
		}
		return fmt.Errorf("the proxy %s answers %s: %s", proxy.Host, a.Status, proxyAdvice(a.StatusCode, q.Host))
	}
	return t
}

// proxyAdvice says what to do about a proxy's answer.
func proxyAdvice(status int, office string) string {
	switch {
	case status == http.StatusProxyAuthRequired:
		return `it wants another name and password: set proxy = "http://NAME:PASSWORD@HOST:PORT", or have it let the station through without`
	case status == http.StatusForbidden || status == http.StatusMethodNotAllowed:
		return "it must let the station CONNECT to " + office
	case status >= 500:
		return "it does not reach " + office + " itself: see its log, and whether registryd runs"
	}
	return "see its log"
}
