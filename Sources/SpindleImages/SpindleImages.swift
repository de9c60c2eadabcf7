// The names of modules below that a program needs, one by one: no module is handed on as a whole.
@_exported public import enum DiscModel.DiscState
@_exported public import enum DiscModel.MediumKind
@_exported public import struct SystemPackage.FilePath
