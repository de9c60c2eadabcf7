/// The speeds that the host has asked for, in kB/s of 1000 bytes; absent for the fastest.
struct SpeedSetting {
    var read: Int?
    var write: Int?
}
