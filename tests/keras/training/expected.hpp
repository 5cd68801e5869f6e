// Made by make.py with TensorFlow 2.21.0, Keras 3.15.1; do not edit.
#pragma once

#include <array>

// clang-format off
namespace expected {

inline constexpr std::array<float, 12> first_gradient_0{0.025414275f, -0.0614737086f, 0.0254142694f, 0.0369427651f, -0.10547214f, 0.0372374617f, -0.105472118f, -0.0369427651f, 0.0451939665f, -0.0355752483f, 0.0451939553f, 0.0492570177f};
inline constexpr std::array<float, 4> first_gradient_1{0.0791187659f, 0.103593826f, 0.079118751f, 0.0492570177f};
inline constexpr std::array<float, 8> first_gradient_2{-0.0099611124f, 0.00996111333f, -0.013081708f, 0.0130817089f, -0.0102965049f, 0.0102965049f, 0.00615712674f, -0.00615712721f};
inline constexpr std::array<float, 2> first_gradient_3{-0.074117355f, 0.0741173625f};
inline constexpr std::array<float, 5> adam_losses{0.496575415f, 0.495430291f, 0.49429059f, 0.493156672f, 0.492028534f};
inline constexpr std::array<float, 12> adam_weights_0{-0.754997969f, 0.129997462f, -0.629997969f, 0.245002761f, -0.495001704f, 0.37000376f, -0.370001704f, 0.504997313f, -0.254998177f, 0.629996657f, -0.129998207f, 0.745002687f};
inline constexpr std::array<float, 4> adam_weights_1{-0.0674982965f, 0.370001495f, -0.00499828998f, -0.379997313f};
inline constexpr std::array<float, 8> adam_weights_2{-0.745009243f, 0.995009243f, -0.495005727f, 1.24500561f, -0.245008931f, 1.49500895f, -0.00498700654f, -1.495013f};
inline constexpr std::array<float, 2> adam_weights_3{0.254998893f, -0.504998863f};
inline constexpr std::array<float, 12> adam_momentums_0{0.0103268754f, -0.0248842873f, 0.0103268735f, 0.0149465101f, -0.0428598002f, 0.0149950106f, -0.0428597964f, -0.0149465101f, 0.0183647312f, -0.0143505204f, 0.0183647275f, 0.0199286789f};
inline constexpr std::array<float, 4> adam_momentums_1{0.0321514197f, 0.0421350673f, 0.0321514159f, 0.0199286789f};
inline constexpr std::array<float, 8> adam_momentums_2{-0.00392730255f, 0.00392730301f, -0.00523148337f, 0.00523148105f, -0.00406389777f, 0.00406389777f, 0.00239576376f, -0.00239576399f};
inline constexpr std::array<float, 2> adam_momentums_3{-0.0302077066f, 0.0302077029f};
inline constexpr std::array<float, 12> adam_velocities_0{3.17807644e-06f, 1.84669207e-05f, 3.17807553e-06f, 6.66298138e-06f, 5.47425261e-05f, 6.71241469e-06f, 5.47425079e-05f, 6.66298138e-06f, 1.00506559e-05f, 6.14573582e-06f, 1.00506531e-05f, 1.1845299e-05f};
inline constexpr std::array<float, 4> adam_velocities_1{3.0805204e-05f, 5.28976925e-05f, 3.08052004e-05f, 1.1845299e-05f};
inline constexpr std::array<float, 8> adam_velocities_2{4.62576196e-07f, 4.62576338e-07f, 8.18271985e-07f, 8.18271246e-07f, 4.95192467e-07f, 4.9519258e-07f, 1.72661842e-07f, 1.72661856e-07f};
inline constexpr std::array<float, 2> adam_velocities_3{2.71775789e-05f, 2.71775752e-05f};
inline constexpr std::array<float, 5> sgd_losses{0.496575415f, 0.495809078f, 0.495046049f, 0.49428606f, 0.493529469f};
inline constexpr std::array<float, 12> sgd_weights_0{-0.75126642f, 0.128066927f, -0.62626636f, 0.248155639f, -0.494747996f, 0.373138666f, -0.369748056f, 0.501844347f, -0.252251059f, 0.626779079f, -0.127251014f, 0.747540832f};
inline constexpr std::array<float, 4> sgd_weights_1{-0.0664386526f, 0.3698484f, -0.00393862138f, -0.377459139f};
inline constexpr std::array<float, 8> sgd_weights_2{-0.749515712f, 0.999515712f, -0.499361217f, 1.24936116f, -0.249498904f, 1.49949884f, -0.000302400673f, -1.49969769f};
inline constexpr std::array<float, 2> sgd_weights_3{0.253686965f, -0.503687024f};
inline constexpr std::array<float, 5> momentum_losses{0.496575415f, 0.495809078f, 0.494359165f, 0.492305279f, 0.489724725f};
inline constexpr std::array<float, 12> momentum_weights_0{-0.753326416f, 0.133059651f, -0.628326297f, 0.245152831f, -0.486206859f, 0.370104641f, -0.361206979f, 0.504847169f, -0.255912244f, 0.629678071f, -0.13091217f, 0.743537068f};
inline constexpr std::array<float, 4> momentum_weights_1{-0.0728433132f, 0.36147365f, -0.0103432173f, -0.381462902f};
inline constexpr std::array<float, 8> momentum_weights_2{-0.748733461f, 0.998733461f, -0.498328418f, 1.24832845f, -0.248689368f, 1.49868929f, -0.000792409643f, -1.49920762f};
inline constexpr std::array<float, 2> momentum_weights_3{0.259681702f, -0.509681702f};
inline constexpr std::array<float, 12> momentum_momentums_0{-0.00103273569f, 0.00250616902f, -0.00103271904f, -0.00150805153f, 0.00427928567f, -0.00152618461f, 0.00427921722f, 0.00150805153f, -0.00183476042f, 0.00145831052f, -0.00183473085f, -0.00201073522f};
inline constexpr std::array<float, 4> momentum_momentums_1{-0.00320809847f, -0.00419143401f, -0.00320804678f, -0.00201073522f};
inline constexpr std::array<float, 8> momentum_momentums_2{0.000384190556f, -0.000384190527f, 0.00050909241f, -0.00050909241f, 0.000397929922f, -0.000397929922f, -0.00024279287f, 0.00024279287f};
inline constexpr std::array<float, 2> momentum_momentums_3{0.0030012182f, -0.00300121796f};
inline constexpr std::array<float, 5> nesterov_losses{0.496575415f, 0.495120853f, 0.493062079f, 0.490477175f, 0.487441838f};
inline constexpr std::array<float, 12> nesterov_weights_0{-0.754244626f, 0.135301277f, -0.629244506f, 0.243801862f, -0.482411265f, 0.368725777f, -0.357411474f, 0.506198108f, -0.25754118f, 0.630993903f, -0.13254106f, 0.741735756f};
inline constexpr std::array<float, 4> nesterov_weights_1{-0.0756860971f, 0.357770562f, -0.0131858913f, -0.383264184f};
inline constexpr std::array<float, 8> nesterov_weights_2{-0.748418212f, 0.998418212f, -0.497904718f, 1.24790466f, -0.248361751f, 1.49836183f, -0.000998957199f, -1.49900115f};
inline constexpr std::array<float, 2> nesterov_weights_3{0.26233694f, -0.512336969f};
inline constexpr std::array<float, 12> nesterov_momentums_0{-0.00102887279f, 0.00250161742f, -0.00102884928f, -0.0015059486f, 0.00426007994f, -0.00152850826f, 0.00425998215f, 0.0015059486f, -0.00182706281f, 0.00145966187f, -0.0018270209f, -0.00200793147f};
inline constexpr std::array<float, 4> nesterov_momentums_1{-0.00319275958f, -0.00416782312f, -0.00319268694f, -0.00200793147f};
inline constexpr std::array<float, 8> nesterov_momentums_2{0.000374037219f, -0.000374037249f, 0.000497569155f, -0.000497569214f, 0.000387777662f, -0.000387777633f, -0.000238821347f, 0.000238821347f};
inline constexpr std::array<float, 2> nesterov_momentums_3{0.00298562949f, -0.00298562925f};

}  // namespace expected
