// The names that a Swift program needs, one by one: none of the modules below is handed on as a whole.
@_exported public import enum DiscModel.DiscState
@_exported public import enum DiscModel.DriveSpeed
@_exported public import enum DiscModel.MediumKind
@_exported public import enum Reports.JobEvent
@_exported public import struct Reports.JobMessage
@_exported public import struct Reports.JobPlan
@_exported public import struct Reports.JobProgress
@_exported public import struct Reports.JobResult
@_exported public import enum Reports.JobStatus
@_exported public import struct SystemPackage.FilePath
