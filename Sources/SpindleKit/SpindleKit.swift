// The library's public face: what a client imports is all there is.
@_exported public import DiscBurning
@_exported public import DiscChecksums
@_exported public import DiscDrives
@_exported public import DiscFiles
@_exported public import DiscImages
@_exported public import DiscModel
@_exported public import DiscRipping
@_exported public import DiscVerification
@_exported public import DriveNode
@_exported public import DriveTrace
@_exported public import LibBurn
@_exported public import LibCrypto
@_exported public import MMC
@_exported public import Reports
@_exported public import Transfer
@_exported public import VirtualDrive
