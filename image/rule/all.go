// SPDX-License-Identifier: EUPL-1.2

package rule

// All lists the rules in the order in which advice is given: first what makes
// the other measures possible, then place, posture, face, light, and last what a
// person cannot change.
func All() []Rule {
	return []Rule{
		oneFace(),
		eyeDistance(),
		imageHeight(),
		imageWidth(),
		headHeight(),
		headWidth(),
		verticalPosition(),
		centring(),
		roll(),
		yaw(),
		pitch(),
		eyesVisible(),
		eyesOpen(),
		gaze(),
		mouthClosed(),
		neutral(),
		brows(),
		glare(),
		exposure(),
		evenLight(),
		faceShadow(),
		hotSpots(),
		background(),
		shadow(),
		redEyes(),
		naturalColour(),
		focus(),
		density(),
		colourSpace(),
	}
}
