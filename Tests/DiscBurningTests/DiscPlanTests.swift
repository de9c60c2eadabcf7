import DiscBurning
import DiscImages
import DiscModel
import LibBurn
import Testing
