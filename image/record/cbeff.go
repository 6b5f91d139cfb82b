// SPDX-License-Identifier: EUPL-1.2

package record

// Tags of the wrapping in a travel document's data group 2 (ICAO Doc 9303-10;
// ISO/IEC 7816-11; CBEFF, ISO/IEC 19785-3).
const (
	dataGroup2        = 0x75
	informationGroup  = 0x7f61
	information       = 0x7f60
	header            = 0xa1
	primitiveData     = 0x5f2e // ISO/IEC 19794
	constructedData   = 0x7f2e // ISO/IEC 39794
	numberOfTemplates = 0x02
	patronVersion     = 0x0101
	biometricTypeFace = 0x02
	noSubtype         = 0x00
	facialRecordType  = 0x0008 // ISO/IEC 19794-5
	faceImageDataType = 0x002a // ISO/IEC 39794-5
	formatOwner       = OrganizationSC37
)

// DG2 gives the record in the CBEFF wrapping of a travel document's data group 2.
func (r FacialRecord) DG2() ([]byte, error) {
	data, err := r.MarshalBinary()
	if err != nil {
		return nil, err
	}
	return dg2(facialRecordType, element(primitiveData, data)), nil
}

// DG2 gives the record in the CBEFF wrapping of a travel document's data group 2,
// where the tag A1 stands around the record.
func (b FaceImageDataBlock) DG2() ([]byte, error) {
	data, err := b.MarshalBinary()
	if err != nil {
		return nil, err
	}
	return dg2(faceImageDataType, element(constructedData, element(0xa1, data))), nil
}

// dg2 wraps one biometric data block with its header.
func dg2(format uint16, block []byte) []byte {
	return element(dataGroup2, element(informationGroup,
		element(numberOfTemplates, []byte{1}),
		element(information, biometricHeader(format), block)))
}

func biometricHeader(format uint16) []byte {
	pair := func(tag, v uint16) []byte { return element(tag, []byte{byte(v >> 8), byte(v)}) }
	return element(header,
		pair(0x80, patronVersion),
		element(0x81, []byte{biometricTypeFace}),
		element(0x82, []byte{noSubtype}),
		pair(0x87, formatOwner),
		pair(0x88, format))
}
