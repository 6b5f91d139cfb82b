// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// parting takes an interrupt away from a removed chip when its holder, who sees the chip gone, has
// let go of it; one who does not is waited for only so long. Linux 6.1 takes it from under the
// holder, and spoils its memory when the holder lets go at that moment; later ones let go for the
// holder (upstream ec8b6f55b981).
const parting = `// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>

void part(unsigned int irq);
void part(unsigned int irq)
{
	struct irq_desc *desc;
	int ms;

	if (!irq)
		return; /* nobody has asked for this line's */
	for (ms = 0; ms < 10000 && irq_has_action(irq); ms += 10)
		msleep(10);
	desc = irq_data_to_desc(irq_get_irq_data(irq));
	mutex_lock(&desc->request_mutex); /* free_irq holds it until it is done */
	mutex_unlock(&desc->request_mutex);
	irq_dispose_mapping(irq);
}
`

// kbuild names the module's objects; gpio-sim's calls of irq_dispose_mapping go to part.
const kbuild = "obj-m := gpio-sim.o\nCFLAGS_sim.o := -Dirq_dispose_mapping=part\ngpio-sim-y := part.o"

// buildGPIOSim compiles gpio-sim, which Debian's kernels leave out, from Debian's
// kernel source against the headers of this kernel.
func (k kernel) buildGPIOSim(cache string, guest, host apt) error {
	fmt.Println("lab: building gpio-sim for", k.release)
	headers, err := k.headers(cache, guest, host)
	if err != nil {
		return err
	}
	dir := filepath.Join(cache, "gpio-sim-"+k.release)
	if err := k.gpioSource(cache, host, dir); err != nil {
		return err
	}
	// Without BTF, which would need pahole and Debian's unstripped kernel.
	args := []string{"-C", headers, "M=" + dir, "CONFIG_DEBUG_INFO_BTF_MODULES=", "modules"}
	if runtime.GOARCH != guestArch {
		args = append(args, "DEB_BUILD_ARCH="+runtime.GOARCH, "DEB_HOST_ARCH="+guestArch, "DEB_HOST_GNU_TYPE=aarch64-linux-gnu")
	}
	if out, err := exec.Command("make", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("building gpio-sim: %w\n%s", err, out)
	}
	if err := os.MkdirAll(k.extra, 0o755); err != nil {
		return err
	}
	return os.Rename(filepath.Join(dir, "gpio-sim.ko"), filepath.Join(k.extra, "gpio-sim.ko"))
}

// headers unpacks the header packages into one root, to which their links are
// relative, and returns the build folder. The programs of kbuild run on the host,
// so that package is the host's.
func (k kernel) headers(cache string, guest, host apt) (string, error) {
	root := filepath.Join(cache, "headers-"+k.release)
	build := filepath.Join(root, "usr/src/linux-headers-"+k.release)
	if _, err := os.Stat(root); err == nil {
		return build, nil
	}
	name := "linux-headers-" + k.release
	names, err := guest.depends(name)
	if err != nil {
		return "", err
	}
	half := root + ".headers"
	if err := os.RemoveAll(half); err != nil {
		return "", err
	}
	for _, pkg := range append(names, name) {
		from := guest
		if strings.HasPrefix(pkg, "linux-kbuild-") {
			from = host
		} else if !strings.HasPrefix(pkg, "linux-headers-") {
			continue // the compiler
		}
		deb, err := from.fetch(pkg)
		if err != nil {
			return "", err
		}
		if _, err := from.run("", "dpkg-deb", "-x", deb, half); err != nil {
			return "", err
		}
	}
	// The package's Makefile includes its sibling by absolute path.
	makefile := filepath.Join(half, "usr/src/linux-headers-"+k.release, "Makefile")
	b, err := os.ReadFile(makefile)
	if err != nil {
		return "", err
	}
	b = bytes.ReplaceAll(b, []byte(" /usr/src/"), []byte(" "+root+"/usr/src/"))
	if err := os.WriteFile(makefile, b, 0o644); err != nil {
		return "", err
	}
	return build, os.Rename(half, root)
}

// gpioSource writes the module's source and its Kbuild into dir.
func (k kernel) gpioSource(cache string, host apt, dir string) error {
	pkg := "linux-source-" + regexp.MustCompile(`^\d+\.\d+`).FindString(k.release)
	root := filepath.Join(cache, pkg)
	if err := host.unpack(root, pkg); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	// gpio-sim.c is renamed: the module, of several objects, has its name.
	objects := map[string]string{
		"drivers/gpio/gpio-sim.c":       "sim.c",
		"drivers/gpio/gpiolib.h":        "gpiolib.h",
		"kernel/irq/irq_sim.c":          "irq_sim.c", // CONFIG_IRQ_SIM is off as well
		"drivers/gpio/dev-sync-probe.h": "dev-sync-probe.h",
		"drivers/gpio/dev-sync-probe.c": "dev-sync-probe.c", // newer kernels only
	}
	rules := kbuild
	err := untar(filepath.Join(root, "usr/src", pkg+".tar.xz"), func(name string, r io.Reader) error {
		_, inside, _ := strings.Cut(path.Clean(name), "/")
		to, ok := objects[inside]
		if !ok {
			return nil
		}
		b, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if object, ok := strings.CutSuffix(to, ".c"); ok {
			rules += " " + object + ".o"
		}
		// irq_to_desc is not exported to modules; generic_handle_irq ends in the same handler.
		b = bytes.ReplaceAll(b, []byte("handle_simple_irq(irq_to_desc(irqnum))"), []byte("generic_handle_irq(irqnum)"))
		return os.WriteFile(filepath.Join(dir, to), b, 0o644)
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "part.c"), []byte(parting), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "Kbuild"), []byte(rules+"\n"), 0o644)
}

// untar calls f with every file of a tar.xz.
func untar(name string, f func(name string, r io.Reader) error) error {
	c := exec.Command("xz", "-dc", name)
	pipe, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	archive := tar.NewReader(pipe)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return c.Wait()
		}
		if err == nil {
			err = f(h.Name, archive)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", name, err), c.Process.Kill(), c.Wait())
		}
	}
}
