// SPDX-License-Identifier: EUPL-1.2

package fscrypt

import (
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ioctl calls the kernel, and tells "cannot" from "will not".
func ioctl(f *os.File, name string, request uintptr, argument unsafe.Pointer) error {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), request, uintptr(argument))
	switch errno {
	case 0:
		return nil
	case unix.ENOTTY, unix.EOPNOTSUPP, unix.ENOSYS:
		return ErrUnsupported
	}
	return os.NewSyscallError(name, errno)
}

// add gives the key to the kernel, for the file system on which f lies.
func add(f *os.File, key Key) (identifier, error) {
	var a struct {
		unix.FscryptAddKeyArg
		raw Key
	}
	a.Key_spec.Type = unix.FSCRYPT_KEY_SPEC_TYPE_IDENTIFIER
	a.Raw_size = uint32(len(key))
	a.raw = key
	if err := ioctl(f, "add encryption key", unix.FS_IOC_ADD_ENCRYPTION_KEY, unsafe.Pointer(&a)); err != nil {
		return identifier{}, err
	}
	return identifier(a.Key_spec.U[:16]), nil
}

// policy is the name of the key that a folder is encrypted with, and whether it is.
func policy(f *os.File) (id identifier, encrypted bool, err error) {
	a := unix.FscryptGetPolicyExArg{Size: uint64(unsafe.Sizeof(unix.FscryptPolicyV2{}))}
	err = ioctl(f, "read encryption policy", unix.FS_IOC_GET_ENCRYPTION_POLICY_EX, unsafe.Pointer(&a))
	if errors.Is(err, unix.ENODATA) {
		return id, false, nil
	}
	p := (*unix.FscryptPolicyV2)(unsafe.Pointer(&a.Policy))
	return p.Master_key_identifier, true, err
}

// encrypt makes everything that will ever be in the folder encrypted; it must be empty.
func encrypt(f *os.File, id identifier) error {
	p := unix.FscryptPolicyV2{
		Version: unix.FSCRYPT_POLICY_V2, Contents_encryption_mode: unix.FSCRYPT_MODE_AES_256_XTS,
		Filenames_encryption_mode: unix.FSCRYPT_MODE_AES_256_CTS, Flags: unix.FSCRYPT_POLICY_FLAGS_PAD_32,
		Master_key_identifier: id,
	}
	err := ioctl(f, "set encryption policy", unix.FS_IOC_SET_ENCRYPTION_POLICY, unsafe.Pointer(&p))
	if errors.Is(err, unix.ENOTEMPTY) {
		return ErrPlain
	}
	return err
}
